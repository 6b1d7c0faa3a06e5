export interface App {
  readonly id: string;
  readonly name: string;
  readonly resource: string;
  readonly resourceId: string;
  readonly client: 'Browser' | 'Mobile Apps and Desktop clients';
}

const app = (id: string, name: string, resource: string, resourceId: string, client: App['client'] = 'Browser'): App => ({
  id,
  name,
  resource,
  resourceId,
  client,
});
const NATIVE = 'Mobile Apps and Desktop clients';
const GRAPH = '00000003-0000-0000-c000-000000000000';
const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';
const SHAREPOINT = '00000003-0000-0ff1-ce00-000000000000';

/** Application ids are those of Microsoft's first-party applications. */
export const APPS = {
  officeHome: app('4765445b-32c6-49b0-83e6-1d93765276ca', 'OfficeHome', 'OfficeHome', '4765445b-32c6-49b0-83e6-1d93765276ca'),
  outlookWeb: app('9199bf20-a13f-4107-85dc-02114787ef48', 'One Outlook Web', 'Office 365 Exchange Online', EXCHANGE),
  sharePoint: app(SHAREPOINT, 'Office 365 SharePoint Online', 'Office 365 SharePoint Online', SHAREPOINT),
  teamsWeb: app(
    '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
    'Microsoft Teams Web Client',
    'Microsoft Teams Services',
    'cc15fd57-2c6c-4117-a88c-83b1d56b4bbe',
  ),
  teams: app(
    '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
    'Microsoft Teams',
    'Microsoft Teams Services',
    'cc15fd57-2c6c-4117-a88c-83b1d56b4bbe',
    NATIVE,
  ),
  office: app('d3590ed6-52b3-4102-aeff-aad2292ab01c', 'Microsoft Office', 'Microsoft Graph', GRAPH, NATIVE),
  outlookMobile: app('27922004-5251-4030-b22d-91ecd9a37ea4', 'Outlook Mobile', 'Office 365 Exchange Online', EXCHANGE, NATIVE),
  oneDrive: app('ab9b8c07-8f02-4f72-87fa-80105867a763', 'OneDrive SyncEngine', 'Office 365 SharePoint Online', SHAREPOINT, NATIVE),
  windowsSignIn: app(
    '38aa3b87-a06d-4817-b275-7a316988d93b',
    'Windows Sign In',
    'Windows Azure Active Directory',
    '00000002-0000-0000-c000-000000000000',
    NATIVE,
  ),
  mySignIns: app('19db86c3-b2b9-44cc-b339-36da233a3be2', 'My Signins', 'Microsoft Graph', GRAPH),
  accessPanel: app(
    '0000000c-0000-0000-c000-000000000000',
    'Microsoft App Access Panel',
    'Windows Azure Active Directory',
    '00000002-0000-0000-c000-000000000000',
  ),
  portal: app(
    'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
    'Azure Portal',
    'Windows Azure Service Management API',
    '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  ),
  broker: app('29d9ed98-a469-4536-ade2-f981bc1d605e', 'Microsoft Authentication Broker', 'Microsoft Graph', GRAPH, NATIVE),
  graphShell: app('14d82eec-204b-4c2f-b7e8-296a70dab67e', 'Microsoft Graph Command Line Tools', 'Microsoft Graph', GRAPH, NATIVE),
  payroll: app('7b1f5a60-2f9c-4f0b-9a1c-40d4b1f6a111', 'Workday', 'Workday', '7b1f5a60-2f9c-4f0b-9a1c-40d4b1f6a111'),
  roster: app('5c0e2b52-6d1e-4f63-8c4e-7d2a9ce8b222', 'Shift Planner', 'Shift Planner', '5c0e2b52-6d1e-4f63-8c4e-7d2a9ce8b222'),
  documents: app('e4a7cc0d-91b4-43a2-b1d3-5b9f1d2ef333', 'iManage Work', 'iManage Work', 'e4a7cc0d-91b4-43a2-b1d3-5b9f1d2ef333'),
} as const satisfies Record<string, App>;
