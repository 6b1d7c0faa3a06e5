import { usageError } from '../usage-error.ts';

/** A Log Analytics workspace as the management API names it. */
export interface WorkspaceResource {
  readonly id: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const FORM =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\w.()-]{1,90})\/providers\/Microsoft\.OperationalInsights\/workspaces\/([A-Za-z0-9-]{4,63})\/?$/i;

export const WORKSPACE_VARIABLE = 'FACTORWATCH_WORKSPACE_RESOURCE_ID';

/** Reads the resource id of a workspace; the portal and `az monitor log-analytics workspace show --query id` print it. */
export function workspaceResource(text: string | undefined): WorkspaceResource {
  const match = FORM.exec(text ?? '');
  if (!match) {
    throw usageError(
      text === undefined ? 'the workspace in Azure is not named' : `"${text}" is not the resource id of a Log Analytics workspace`,
      `Give --workspace or set ${WORKSPACE_VARIABLE}: /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.OperationalInsights/workspaces/<name>`,
    );
  }
  const [, subscription = '', resourceGroup = '', name = ''] = match;
  return { id: text!.replace(/\/$/, ''), subscription, resourceGroup, name };
}

export function dcrId({ subscription, resourceGroup }: WorkspaceResource, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Insights/dataCollectionRules/${name}`;
}
