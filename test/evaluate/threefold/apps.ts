import type { World } from './world.ts';

/** A program as a sign-in names it, and what it asks a token for. */
export interface App {
  readonly name: string;
  readonly id: string;
  readonly resource: string;
  readonly resourceId: string;
}

const GRAPH = ['Microsoft Graph', '00000003-0000-0000-c000-000000000000'] as const;
const EXCHANGE = ['Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000'] as const;
const FILES = ['Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000'] as const;
const DIRECTORY = ['Windows Azure Active Directory', '00000002-0000-0000-c000-000000000000'] as const;

const ROWS = {
  office: ['OfficeHome', '4765445b-32c6-49b0-83e6-1d93765276ca', ...GRAPH],
  mail: ['One Outlook Web', '9199bf20-a13f-4107-85dc-02114787ef48', ...EXCHANGE],
  teamsWeb: ['Microsoft Teams Web Client', '5e3ce6c0-2b1f-4285-8d4b-75ee78787346', ...GRAPH],
  files: ['Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000', ...FILES],
  portal: [
    'Azure Portal',
    'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
    'Windows Azure Service Management API',
    '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  ],
  security: ['My Signins', '19db86c3-b2b9-44cc-b339-36da233a3be2', ...GRAPH],
  windows: ['Windows Sign In', '38aa3b87-a06d-4817-b275-7a316988d93b', ...DIRECTORY],
  teams: ['Microsoft Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264', ...GRAPH],
  outlook: ['Microsoft Office', 'd3590ed6-52b3-4102-aeff-aad2292ab01c', ...EXCHANGE],
  mobile: ['Outlook Mobile', '27922004-5251-4030-b22d-91ecd9a37ea4', ...EXCHANGE],
  drive: ['OneDrive SyncEngine', 'ab9b8c07-8f02-4f72-87fa-80105867a763', ...FILES],
  broker: [
    'Microsoft Authentication Broker',
    '29d9ed98-a469-4536-ade2-f981bc1d605e',
    'Device Registration Service',
    '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9',
  ],
} as const;

export type AppName = keyof typeof ROWS | 'own';

/** An app by its name here; `own` is the company's. */
export function appOf(world: World, name: AppName): App {
  if (name === 'own') return { ...world.kind.ownApp, resource: world.kind.ownApp.name, resourceId: world.kind.ownApp.id };
  const [appName, id, resource, resourceId] = ROWS[name];
  return { name: appName, id, resource, resourceId };
}

export const WEB_APPS: readonly AppName[] = ['office', 'mail', 'teamsWeb', 'files', 'own', 'mail', 'own'];
export const DESKTOP_APPS: readonly AppName[] = ['teams', 'outlook', 'drive', 'outlook'];
export const PHONE_APPS: readonly AppName[] = ['mobile', 'teams', 'mobile', 'own'];
