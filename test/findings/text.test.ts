import { expect, test } from 'vitest';
import { methodList } from '../../src/findings/text.ts';

test.each([
  [['Phone', 'Mobile Phone SMS'], 'Mobile Phone SMS'],
  [
    ['Authenticator App with Notification', 'Authenticator App with Code', 'Authenticator App with Notification and Code'],
    'Authenticator App with Notification and Code',
  ],
  [['Phone, Mobile Phone SMS', 'Mobile Phone Call and SMS'], 'Mobile Phone Call and SMS'],
  [['Phone, Mobile Phone SMS', 'Mobile Phone SMS'], 'Mobile Phone SMS'],
  [['Phone', 'Fido'], 'Phone and Fido'],
  [['Mobile Phone SMS', 'mobile phone sms'], 'Mobile Phone SMS and mobile phone sms'],
  [[], ''],
])('%j is "%s"', (methods, words) => {
  expect(methodList(methods)).toBe(words);
});
