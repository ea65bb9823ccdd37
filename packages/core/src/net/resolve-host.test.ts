import { describe, expect, it, vi } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import scripts from './__fixtures__/ssrf-dns.json' with { type: 'json' };
import { type Lookup, resolveHost, systemLookup } from './resolve-host.ts';

type Answers = readonly (readonly string[])[];

const host = 'rebind.vendor.com';
const toAddresses = (answers: Answers): { address: string }[] => answers.map(([, address = '']) => ({ address }));

async function outcome(lookup: Lookup, name = host): Promise<unknown> {
  try {
    return await resolveHost({ host: name, policy: {}, lookup });
  } catch (error) {
    if (!isPatchbayError(error)) throw error;
    expect(error.sent).toBe('no');
    return error.code;
  }
}

const isForbidden = (address: string): boolean => !address.startsWith('93.184.');

describe('resolveHost', () => {
  it.each(scripts.filter(({ answers }) => answers !== undefined).map(({ id, answers }) => [id, answers ?? []] as const))(
    'checks every answer of script %s',
    async (_id, answers) => {
      const lookup = vi.fn<Lookup>(async () => toAddresses(answers));
      const addresses = toAddresses(answers).map(({ address }) => address);
      const expected = addresses.some(isForbidden) ? 'egress_refused' : addresses.length === 0 ? 'network' : [...new Set(addresses)];
      expect(await outcome(lookup)).toEqual(expected);
      expect(lookup.mock.calls).toEqual([[host]]);
    },
  );

  it.each(scripts.filter(({ sequence }) => sequence !== undefined).map(({ id, sequence }) => [id, sequence ?? []] as const))(
    'judges each resolution of script %s by itself, one lookup at a time',
    async (_id, sequence) => {
      const rest = [...sequence];
      const lookup = vi.fn<Lookup>(async () => toAddresses(rest.shift() ?? []));
      for (const answers of sequence) {
        expect(await outcome(lookup)).toEqual(isForbidden(answers[0]?.[1] ?? '') ? 'egress_refused' : ['93.184.216.34']);
      }
      expect(lookup).toHaveBeenCalledTimes(sequence.length);
    },
  );

  it('looks up only names of this machine where only loopback is open, and believes no other answer', async () => {
    const answering = (address: string) => vi.fn<Lookup>(async () => [{ address }]);
    const policy = { loopbackOnly: true };
    const [outside, near, lying] = [answering('127.0.0.1'), answering('127.0.0.1'), answering('10.0.0.1')];
    const refused = { code: 'egress_refused', details: { reason: 'loopback' } };
    await expect(resolveHost({ host, policy, lookup: outside })).rejects.toMatchObject(refused);
    expect(await resolveHost({ host: 'localhost', policy, lookup: near })).toEqual(['127.0.0.1']);
    await expect(resolveHost({ host: 'localhost', policy, lookup: lying })).rejects.toMatchObject(refused);
    expect([outside.mock.calls, near.mock.calls]).toEqual([[], [['localhost']]]);
  });

  it('turns a failing resolver into a retryable error without its words', async () => {
    const failing: Lookup = () => Promise.reject(Object.assign(new Error('queryA hunter2'), { code: 'ESERVFAIL' }));
    const error = await resolveHost({ host, policy: {}, lookup: failing }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'network', retryable: true, sent: 'no', details: { reason: 'ESERVFAIL' } });
    expect(String(error)).not.toContain('hunter2');
  });

  it('refuses an answer that is no address, whatever else was answered', async () => {
    for (const address of ['', 'localhost', '127.1', 'fe80::1%eth0', '93.184.216.34\0']) {
      expect(await outcome(async () => [{ address: '93.184.216.34' }, { address }])).toBe('egress_refused');
    }
  });

  it('never looks up a literal or a name that the policy refuses', async () => {
    const lookup = vi.fn<Lookup>(async () => [{ address: '93.184.216.34' }]);
    expect(await outcome(lookup, '1.1.1.1')).toEqual(['1.1.1.1']);
    expect(await outcome(lookup, '[2606:4700:4700::1111]')).toEqual(['2606:4700:4700::1111']);
    for (const name of ['127.0.0.1', '[::1]', 'localhost', 'db.internal', 'single', '0x7f.1'])
      expect([name, await outcome(lookup, name)]).toEqual([name, 'egress_refused']);
    expect(lookup).not.toHaveBeenCalled();
  });

  it('opens private answers by the dangerous option, never a metadata service', async () => {
    const policy = { dangerouslyAllowPrivateNetworks: true };
    expect(await resolveHost({ host: 'db', policy, lookup: async () => [{ address: '10.0.0.7' }] })).toEqual(['10.0.0.7']);
    await expect(resolveHost({ host: 'db', policy, lookup: async () => [{ address: '169.254.169.254' }] })).rejects.toThrow(/not public/);
  });
});

describe('systemLookup', () => {
  it('answers all addresses of a name of this machine', async () => {
    const answers = await systemLookup('localhost');
    expect(answers.length).toBeGreaterThan(0);
    for (const { address } of answers) expect(['127.0.0.1', '::1']).toContain(address);
  });
});
