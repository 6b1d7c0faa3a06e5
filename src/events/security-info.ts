/** Names of the pages on which users change their methods. */
const SECURITY_INFO = /my ?sign-?ins|security info|access panel|my profile|my ?account/i;

export const isSecurityInfo = (app: string): boolean => SECURITY_INFO.test(app);
