import { expect, test } from 'vitest';
import { portalForm } from '../../../src/events/shapes/portal-csv.ts';

const HEAD = { 'Date (UTC)': '2026-04-28T14:08:45Z', Activity: 'Update user', ActorType: 'User', Target1ObjectId: 'one' };

function audit(cells: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const all = new Map(Object.entries({ ...HEAD, ...cells }));
  return portalForm([...all.keys()])!.record(all);
}

/** Headings count the values of a list from 1 on: a target keeps its place by number, whatever the order of the columns. */
test('targets, their properties and details come in the order of their numbers', () => {
  const record = audit({
    Target10ObjectId: 'ten',
    Target2ObjectId: 'two',
    Target2ModifiedProperty10Name: 'j',
    Target2ModifiedProperty9Name: 'i',
    Target0ObjectId: 'none',
    Target02ObjectId: 'none',
    TargetObjectId: 'none',
    AdditionalDetail11Key: 'b',
    AdditionalDetail3Key: 'a',
  });
  expect(record['targetResources']).toEqual([
    { id: 'one' },
    { id: 'two', modifiedProperties: [{ displayName: 'i' }, { displayName: 'j' }] },
    { id: 'ten' },
  ]);
  expect(record['additionalDetails']).toEqual([{ key: 'a' }, { key: 'b' }]);
});

test('a heading with a large number costs no more than one with a small', () => {
  const start = performance.now();
  const record = audit({ Target10000000Type: 'User', AdditionalDetail10000000Key: 'k' });
  expect(performance.now() - start).toBeLessThan(200);
  expect(record['targetResources']).toEqual([{ id: 'one' }, { type: 'User' }]);
  expect(record['additionalDetails']).toEqual([{ key: 'k' }]);
});

test('a city with a comma in its name keeps its state and country', () => {
  const cells = {
    'Date (UTC)': '2026-04-28T14:08:45Z',
    'Request ID': 'one',
    Username: 'ann@contoso.test',
    Status: 'Success',
    Location: 'Washington, D.C., Washington, US',
  };
  expect(portalForm(Object.keys(cells))!.record(new Map(Object.entries(cells)))).toMatchObject({
    location: { city: 'Washington, D.C.', state: 'Washington', countryOrRegion: 'US' },
  });
});
