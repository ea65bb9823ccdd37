import { describe, expect, it } from 'vitest';
import { type Counts, report } from '../src/tally.ts';

const right: Counts = { events: 3, runs: 2, tickets: 2, messages: 2, duplicates: 1, refused: 1, unmatched: 1, retries: 2 };

function reported(counts: Counts, { live = false, untold = [] as readonly string[] } = {}) {
  const lines: string[] = [];
  const exitCode = report({ counts, untold }, { live, print: (text) => lines.push(text) });
  return { exitCode, lines };
}

describe('the report', () => {
  it('is one line of counts where all are right', () => {
    const line = 'events 3 · runs 2 · tickets 2 · messages 2 · duplicates 1 · refused 1 · unmatched 1 · retries 2';
    expect(reported(right)).toEqual({ exitCode: 0, lines: [`\n${line}`] });
  });

  it('says what is wrong, and fails', () => {
    const { exitCode, lines } = reported({ ...right, tickets: 3, retries: 0 });
    expect(exitCode).toBe(1);
    expect(lines.slice(0, 2)).toEqual([
      'WRONG: There are 3 tickets, and there must be 2.',
      'WRONG: There are 0 retries, and there must be 2.',
    ]);
  });

  it('fails where a ticket is not named by exactly one message', () => {
    expect(reported(right, { untold: ['OPS-2'] })).toMatchObject({
      exitCode: 1,
      lines: [expect.stringContaining('OPS-2'), expect.anything()],
    });
  });

  it('leaves retries to the true services', () => {
    expect(reported({ ...right, retries: 0 }, { live: true }).exitCode).toBe(0);
  });
});
