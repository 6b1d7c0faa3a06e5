/** An application and the resource its tokens are for. */
export interface App {
  readonly name: string;
  readonly id: string;
  readonly resource: string;
  readonly resourceId: string;
  readonly client: 'Browser' | 'Mobile Apps and Desktop clients' | 'Exchange ActiveSync' | 'IMAP4' | 'Authenticated SMTP' | 'Other clients';
}

const GRAPH = ['Microsoft Graph', '00000003-0000-0000-c000-000000000000'] as const;
const EXCHANGE = ['Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000'] as const;
const SHAREPOINT = ['Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000'] as const;
const DIRECTORY = ['Windows Azure Active Directory', '00000002-0000-0000-c000-000000000000'] as const;
const MANAGEMENT = ['Windows Azure Service Management API', '797f4846-ba00-4fd7-ba43-dac1f8f63013'] as const;
const DRS = ['Device Registration Service', '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9'] as const;

function app(name: string, id: string, [resource, resourceId]: readonly [string, string], client: App['client'] = 'Browser'): App {
  return { name, id, resource, resourceId, client };
}
const RICH = 'Mobile Apps and Desktop clients';

/** Every application that anybody signs in to here. */
export const APPS = {
  officeHome: app('OfficeHome', '4765445b-32c6-49b0-83e6-1d93765276ca', GRAPH),
  outlookWeb: app('One Outlook Web', '9199bf20-a13f-4107-85dc-02114787ef48', EXCHANGE),
  teamsWeb: app('Microsoft Teams Web Client', '5e3ce6c0-2b1f-4285-8d4b-75ee78787346', GRAPH),
  sharepoint: app('Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000', SHAREPOINT),
  teams: app('Microsoft Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264', GRAPH, RICH),
  office: app('Microsoft Office', 'd3590ed6-52b3-4102-aeff-aad2292ab01c', EXCHANGE, RICH),
  outlookMobile: app('Outlook Mobile', '27922004-5251-4030-b22d-91ecd9a37ea4', EXCHANGE, RICH),
  oneDrive: app('OneDrive SyncEngine', 'ab9b8c07-8f02-4f72-87fa-80105867a763', SHAREPOINT, RICH),
  broker: app('Microsoft Authentication Broker', '29d9ed98-a469-4536-ade2-f981bc1d605e', DRS, RICH),
  windows: app('Windows Sign In', '38aa3b87-a06d-4817-b275-7a316988d93b', DIRECTORY, RICH),
  mySignIns: app('My Signins', '19db86c3-b2b9-44cc-b339-36da233a3be2', GRAPH),
  accessPanel: app('Microsoft App Access Panel', '0000000c-0000-0000-c000-000000000000', DIRECTORY),
  myAccount: app('My Profile', '8c59ead7-d703-4a27-9e55-c96a0054c8d2', GRAPH),
  portal: app('Azure Portal', 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', MANAGEMENT),
  azureCli: app('Microsoft Azure CLI', '04b07795-8ddb-461a-bbee-02f9e1bf7b46', MANAGEMENT, RICH),
  graphPowerShell: app('Microsoft Graph Command Line Tools', '14d82eec-204b-4c2f-b7e8-296a70dab67e', GRAPH, RICH),
  crm: app('Salesforce', 'a1f3c3b0-7d45-4c8a-9a1e-0f6c5d2b1e77', ['Salesforce', 'a1f3c3b0-7d45-4c8a-9a1e-0f6c5d2b1e77']),
  tickets: app('ServiceNow', '5b1c2f90-3e6d-4a2b-8c47-9d0e1f2a3b4c', ['ServiceNow', '5b1c2f90-3e6d-4a2b-8c47-9d0e1f2a3b4c']),
  hr: app('Workday', '7e2d4a61-9b3c-4f50-a6d8-1c2b3a4d5e6f', ['Workday', '7e2d4a61-9b3c-4f50-a6d8-1c2b3a4d5e6f']),
  canvas: app('Canvas LMS', '3c9e8d72-1a4b-4e6f-b5c0-2d3e4f5a6b7c', ['Canvas LMS', '3c9e8d72-1a4b-4e6f-b5c0-2d3e4f5a6b7c']),
  library: app('Library Discovery', '9d4b7e15-6c2a-4d38-8f91-5e6a7b8c9d0e', ['Library Discovery', '9d4b7e15-6c2a-4d38-8f91-5e6a7b8c9d0e']),
  rota: app('Shift Planner', '2f6a9c38-4d1b-4b7e-9e05-8a7b6c5d4e3f', ['Shift Planner', '2f6a9c38-4d1b-4b7e-9e05-8a7b6c5d4e3f']),
  imap: app('Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000', EXCHANGE, 'IMAP4'),
} as const satisfies Record<string, App>;
export type AppName = keyof typeof APPS;

type Mix = readonly (readonly [AppName, number])[];

/** What people open in a browser or sign in to by hand, by kind of tenant. */
export const INTERACTIVE_APPS: Readonly<Record<'office' | 'university' | 'shifts' | 'admin' | 'phone', Mix>> = {
  office: [
    ['officeHome', 5],
    ['outlookWeb', 3],
    ['sharepoint', 4],
    ['teamsWeb', 1.5],
    ['crm', 2],
    ['tickets', 1.2],
    ['hr', 0.8],
    ['windows', 4],
    ['office', 1.5],
    ['myAccount', 0.06],
    ['mySignIns', 0.05],
  ],
  university: [
    ['canvas', 8],
    ['outlookWeb', 4],
    ['officeHome', 3],
    ['library', 2],
    ['sharepoint', 1],
    ['office', 1],
    ['myAccount', 0.08],
    ['mySignIns', 0.06],
  ],
  shifts: [
    ['rota', 6],
    ['officeHome', 2],
    ['outlookWeb', 1.5],
    ['hr', 1.5],
    ['windows', 2],
    ['tickets', 0.5],
    ['mySignIns', 0.05],
  ],
  admin: [
    ['portal', 4],
    ['officeHome', 2],
    ['tickets', 2],
    ['graphPowerShell', 0.7],
    ['azureCli', 0.5],
    ['outlookWeb', 2],
  ],
  phone: [
    ['outlookMobile', 3],
    ['teams', 3],
    ['officeHome', 1],
    ['outlookWeb', 1],
    ['broker', 0.4],
  ],
};

export const BACKGROUND_APPS: Readonly<Record<'computer' | 'phone', Mix>> = {
  computer: [
    ['teams', 4],
    ['office', 4],
    ['oneDrive', 3],
    ['officeHome', 1.5],
    ['sharepoint', 1.5],
    ['broker', 0.6],
  ],
  phone: [
    ['outlookMobile', 5],
    ['teams', 4],
    ['oneDrive', 0.7],
    ['broker', 0.8],
  ],
};
