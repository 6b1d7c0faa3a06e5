/** Options of the commands that use the management API. */
export const ARM_OPTIONS = {
  workspace: { value: 'RESOURCE_ID', about: 'resource id of the workspace in Azure (or FACTORWATCH_WORKSPACE_RESOURCE_ID)' },
  dcrName: { value: 'NAME', about: 'name of the data collection rule (default: dcr-factorwatch)' },
} as const;
