import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { CITIES, COUNTRIES, citiesOf, cityNamed } from '../../src/simulate/geo.ts';
import {
  address6Of,
  addressOf,
  carrierAddress,
  exitAddress,
  homeLine,
  microsoftAddress,
  NETWORKS,
  networksOf,
} from '../../src/simulate/networks.ts';
import { Rng } from '../../src/simulate/rng.ts';

describe('networks', () => {
  it('never share a /16 between two networks or countries', () => {
    const owner = new Map<string, string>();
    const clashes: string[] = [];
    for (const network of NETWORKS)
      for (const country of network.country === '' ? COUNTRIES : [network.country])
        for (let number = 0; number < 40; number++) {
          const block = addressOf(network, country, number).split('.').slice(0, 2).join('.');
          const name = `${network.asn}|${network.kind}|${country}`;
          if ((owner.get(block) ?? name) !== name) clashes.push(block);
          owner.set(block, name);
        }
    expect(clashes).toEqual([]);
    expect(owner.size).toBeGreaterThan(1000);
  });

  it('give public unicast addresses alone', () => {
    const rng = new Rng(3);
    for (let i = 0; i < 3000; i++) {
      const network = rng.pick(NETWORKS);
      const country = network.country || rng.pick(COUNTRIES);
      expect(ipaddr.parse(addressOf(network, country, rng.word())).range()).toBe('unicast');
      expect(ipaddr.parse(address6Of(network, country, rng.word(), rng.word())).range()).toBe('unicast');
      expect(ipaddr.parse(microsoftAddress(rng)).range()).toBe('unicast');
    }
  });

  it('keep a home line, share exits, and move a phone about', () => {
    const rng = new Rng(5);
    const city = cityNamed('Leeds');
    const isp = networksOf('isp', 'GB')[0]!;
    expect(homeLine(isp, city, 77, false, 1).ip).toBe(homeLine(isp, city, 77, false, 2).ip);
    const six = [homeLine(isp, city, 77, true, 1).ip, homeLine(isp, city, 77, true, 2).ip];
    expect(six[0]).not.toBe(six[1]);
    expect(six[0]!.split(':').slice(0, 4)).toEqual(six[1]!.split(':').slice(0, 4));
    const vpn = networksOf('vpn', '')[0]!;
    expect(new Set(Array.from({ length: 400 }, () => exitAddress(vpn, city, rng).ip)).size).toBeLessThanOrEqual(24);
    const carrier = networksOf('mobile', 'GB')[0]!;
    expect(new Set(Array.from({ length: 60 }, () => carrierAddress(carrier, city, rng).ip)).size).toBeGreaterThan(50);
  });

  it('serve every city with an ISP and a mobile network', () => {
    for (const city of CITIES) {
      expect(networksOf('isp', city.country).length, city.name).toBeGreaterThan(0);
      expect(networksOf('mobile', city.country).length, city.name).toBeGreaterThan(0);
      expect(citiesOf(city.country)).toContain(city);
    }
  });
});
