import type { Host } from '../detector.ts';

/** Makes a thing once for all detectors of a stream: what one of them writes the others read. */
export function oncePerHost<Shared>(make: (host: Host) => Shared): (host: Host) => Shared {
  const kept = new WeakMap<Host, { readonly shared: Shared }>();
  return (host) => {
    const known = kept.get(host) ?? { shared: make(host) };
    kept.set(host, known);
    return known.shared;
  };
}
