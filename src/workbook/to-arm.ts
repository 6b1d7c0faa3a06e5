import type { Workbook } from './workbook.ts';

/** Of the API that the shape here follows; kept by hand. */
const WORKBOOK_API_VERSION = '2022-04-01';

/** A deployment template with one workbook of a workspace. Its name comes from the workspace, so that a second deployment replaces it. */
export function workbookTemplate(workbook: Workbook): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { workspace: { type: 'String' }, displayName: { type: 'String', defaultValue: titleOf(workbook) } },
    variables: { sourceId: "[resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace'))]" },
    resources: [
      {
        type: 'Microsoft.Insights/workbooks',
        apiVersion: WORKBOOK_API_VERSION,
        name: `[guid(variables('sourceId'), '${workbook.slug}')]`,
        location: '[resourceGroup().location]',
        kind: 'shared',
        properties: {
          displayName: "[parameters('displayName')]",
          category: 'sentinel',
          version: '1.0',
          sourceId: "[variables('sourceId')]",
          serializedData: JSON.stringify(JSON.parse(workbook.text)),
        },
      },
    ],
  };
}

const titleOf = ({ slug }: Workbook) => slug.slice(0, 1).toUpperCase() + slug.slice(1);
