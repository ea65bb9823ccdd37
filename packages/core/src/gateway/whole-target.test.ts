import { describe, expect, it } from 'vitest';
import { wholeTarget } from './whole-target.ts';

const targetOf = (target: string, query?: Readonly<Record<string, string | boolean | readonly string[] | undefined>>) =>
  wholeTarget({ target, takesMore: true, query });

describe('wholeTarget', () => {
  it('has the query of the call behind its own', () => {
    expect(targetOf('/hooks/T1')).toBe('/hooks/T1');
    expect(targetOf('/hooks/T1?sig=a', {})).toBe('/hooks/T1?sig=a');
    expect(targetOf('/hooks/T1?sig=a', { wait: undefined })).toBe('/hooks/T1?sig=a');
    expect(targetOf('/hooks/T1', { wait: true })).toBe('/hooks/T1?wait=true');
    expect(targetOf('/hooks/T1?', { wait: true })).toBe('/hooks/T1?wait=true');
    expect(targetOf('/hooks/T1?sig=a%2Fb', { to: ['x', 'y&z=1#'] })).toBe('/hooks/T1?sig=a%2Fb&to=x&to=y%26z%3D1%23');
  });

  it.each(['sig', 'SIG', 's p'])('refuses %s, which the URL has already, and does not repeat the URL', (name) => {
    const call = () => targetOf('/hooks/T1?v=2&sig=hidden&s%20p=1', { [name]: 'mine' });
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_argument', sent: 'no' }));
    expect(call).not.toThrow(/hidden|mine/);
  });

  it('refuses any query for a URL that the service gave', () => {
    const call = (query: Readonly<Record<string, string | undefined>>) =>
      wholeTarget({ target: '/put?signature=a', takesMore: false, query });
    expect(() => call({ part: '1' })).toThrow(expect.objectContaining({ code: 'invalid_argument', sent: 'no' }));
    expect(call({ part: undefined })).toBe('/put?signature=a');
  });
});
