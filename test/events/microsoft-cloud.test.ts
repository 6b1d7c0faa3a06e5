import { describe, expect, test } from 'vitest';
import { isInMicrosoftCloud } from '../../src/events/microsoft-cloud.ts';

/** By the published service tags of Azure (regions' compute ranges) and the ranges that AWS, Google and Cloudflare publish. */
describe('addresses of Microsoft’s cloud', () => {
  test.each([
    ['20.53.0.97', 'Australia East'],
    ['20.86.1.1', 'West Europe'],
    ['4.175.0.1', 'West Europe'],
    ['13.95.255.255', 'the last of 13.64/11'],
    ['52.239.5.6', 'a block of 52.232/13'],
    ['::ffff:40.113.1.2', 'IPv4 within IPv6'],
    ['2603:1020:201::4', 'West Europe'],
    ['2603:1030:0020:0000:0000:0000:0000:0004', 'all zeros written'],
    ['20.53.0.97:443', 'with its port'],
  ])('%s: %s', (address) => {
    expect(isInMicrosoftCloud(address)).toBe(true);
  });

  test.each([
    ['13.32.0.1', 'CloudFront'],
    ['13.96.0.1', 'after 13.64/11'],
    ['52.94.0.1', 'AWS'],
    ['34.64.0.1', 'Google'],
    ['104.28.1.1', 'Cloudflare'],
    ['156.146.0.9', 'a VPN company'],
    ['2001:db8::1', 'documentation'],
    ['2603:8000::1', 'a provider of homes'],
    ['20.53', 'no address'],
    ['', 'none'],
  ])('not %s: %s', (address) => {
    expect(isInMicrosoftCloud(address)).toBe(false);
  });
});
