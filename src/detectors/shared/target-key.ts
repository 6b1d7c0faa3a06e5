import { keyText } from '../../core/key-text.ts';
import { hashText } from '../../events/hash.ts';

/** Under which a phone or device of a tenant ('phone:<digits>', 'device:<token>') is kept. */
export const targetKey = (tenantId: string, target: string): string => keyText(...hashText(`${tenantId} ${target}`));
