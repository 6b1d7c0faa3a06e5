import type { RecordBatch } from 'apache-arrow';
import { msFromTicks } from '../../src/core/ticks.ts';
import type { PlainRow } from './plain-engine.ts';

/** The rows of a batch as plain objects. */
export function plainRows(batch: RecordBatch): readonly PlainRow[] {
  const column = (name: string) => batch.getChild(name)!;
  const text = (name: string) => {
    const vector = column(name).memoize();
    return (row: number) => String(vector.get(row) ?? '');
  };
  const [id, user, name, ip, country, asn] = ['Id', 'UserId', 'UserPrincipalName', 'IPAddress', 'Country', 'Asn'].map(text);
  const [device, system, browser, result, session] = ['DeviceId', 'OperatingSystem', 'Browser', 'ResultType', 'SessionId'].map(text);
  const [latitude, longitude] = ['Latitude', 'Longitude'].map(column);
  const time = column('EventTime');
  const interactive = column('IsInteractive');
  return Array.from({ length: batch.numRows }, (_, row) => ({
    id: id!(row),
    time: msFromTicks(time.get(row) as bigint),
    user: user!(row),
    name: name!(row),
    ip: ip!(row),
    country: country!(row),
    asn: asn!(row),
    device: device!(row),
    client: `${system!(row)} ${browser!(row)}`,
    result: result!(row),
    interactive: interactive.get(row) === true,
    session: session!(row),
    latitude: Number(latitude!.get(row)),
    longitude: Number(longitude!.get(row)),
  }));
}
