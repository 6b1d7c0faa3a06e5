export interface App {
  readonly name: string;
  readonly id: string;
  readonly resource: string;
  readonly resourceId: string;
  readonly isBrowser: boolean;
}

const GRAPH = ['Microsoft Graph', '00000003-0000-0000-c000-000000000000'] as const;
const EXCHANGE = ['Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000'] as const;
const SHAREPOINT = ['Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000'] as const;

const row = (name: string, id: string, [resource, resourceId]: readonly [string, string], isBrowser: boolean): App => ({
  name,
  id,
  resource,
  resourceId,
  isBrowser,
});

/** First-party applications by their well-known ids. */
export const APPS = {
  home: row('OfficeHome', '4765445b-32c6-49b0-83e6-1d93765276ca', ['OfficeHome', '4765445b-32c6-49b0-83e6-1d93765276ca'], true),
  mail: row('One Outlook Web', '9199bf20-a13f-4107-85dc-02114787ef48', EXCHANGE, true),
  teamsWeb: row('Microsoft Teams Web Client', '5e3ce6c0-2b1f-4285-8d4b-75ee78787346', GRAPH, true),
  sharepoint: row('Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000', SHAREPOINT, true),
  portal: row('Azure Portal', 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', GRAPH, true),
  securityInfo: row('My Signins', '19db86c3-b2b9-44cc-b339-36da233a3be2', GRAPH, true),
  teams: row('Microsoft Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264', GRAPH, false),
  office: row('Microsoft Office', 'd3590ed6-52b3-4102-aeff-aad2292ab01c', EXCHANGE, false),
  outlookMobile: row('Outlook Mobile', '27922004-5251-4030-b22d-91ecd9a37ea4', EXCHANGE, false),
  drive: row('OneDrive SyncEngine', 'ab9b8c07-8f02-4f72-87fa-80105867a763', SHAREPOINT, false),
  edge: row('Microsoft Edge', 'ecd6b820-32c2-49b6-98a6-444530e5a77a', GRAPH, false),
  windows: row(
    'Windows Sign In',
    '38aa3b87-a06d-4817-b275-7a316988d93b',
    ['Windows Azure Active Directory', '00000002-0000-0000-c000-000000000000'],
    false,
  ),
  powershell: row(
    'Azure Active Directory PowerShell',
    '1b730954-1685-4b74-9bfd-dac224a7b894',
    ['Windows Azure Active Directory', '00000002-0000-0000-c000-000000000000'],
    false,
  ),
} as const satisfies Record<string, App>;

export type AppName = keyof typeof APPS;

export const BROWSER_APPS: readonly AppName[] = ['home', 'mail', 'teamsWeb', 'sharepoint'];
export const COMPUTER_APPS: readonly AppName[] = ['teams', 'office', 'drive', 'edge', 'windows', 'teams', 'office'];
export const PHONE_APPS: readonly AppName[] = ['outlookMobile', 'teams'];
