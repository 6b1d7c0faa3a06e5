export const TIME = '2026-04-01T10:00:00.1234567Z';
export const signIn = (id: string, more: Record<string, unknown> = {}) => ({
  TimeGenerated: TIME,
  Id: id,
  UserPrincipalName: 'ann@contoso.com',
  ...more,
});
