import { describe, expect, it } from 'vitest';
import { homeView, messageBlocks, modalView, quietBlocks, quietText } from './block-kit.ts';

describe('quietText', () => {
  it('leaves mrkdwn as it is', () => {
    const text = '*bold* <https://example.com|a link> <@U012AB3CD> <#C012AB3CD> &amp; <!date^1392734382^{date}|Feb 18>';
    expect(quietText(text)).toBe(text);
  });

  it.each(['<!channel>', '<!here>', '<!everyone>', '<!here|here>', '<!subteam^SAZ94GDB8>', '<!CHANNEL>', '<! channel>', '<!group>'])(
    'shows %s as text, so that a rendered value notifies nobody',
    (text) => {
      expect(quietText(`Title: ${text}`)).toBe(`Title: &lt;${text.slice(1)}`);
    },
  );
});

describe('quietBlocks', () => {
  it('shows broadcasts of rich text as text, at any depth', () => {
    const rich = (elements: unknown) => [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
    const loud = [
      { type: 'text', text: 'See ' },
      { type: 'broadcast', range: 'here' },
      { type: 'usergroup', usergroup_id: 'S1' },
      { type: 'user', user_id: 'U1' },
    ];
    const quiet = [
      { type: 'text', text: 'See ' },
      { type: 'text', text: '@here' },
      { type: 'text', text: '@S1' },
      { type: 'user', user_id: 'U1' },
    ];
    expect(quietBlocks(rich(loud))).toEqual(rich(quiet));
  });

  it('leaves numbers, switches and null as they are', () => {
    expect(quietBlocks([{ a: 1, b: true, c: null, d: ['<!here>'] }])).toEqual([{ a: 1, b: true, c: null, d: ['&lt;!here>'] }]);
  });
});

describe('the bounds of Slack', () => {
  const divider = { type: 'divider' };
  it('are 50 blocks of a message and 100 of a view', () => {
    expect(messageBlocks.safeParse(Array(50).fill(divider)).success).toBe(true);
    expect(messageBlocks.safeParse(Array(51).fill(divider)).success).toBe(false);
    for (const [view, type] of [
      [modalView, 'modal'],
      [homeView, 'home'],
    ] as const) {
      expect(view.safeParse({ type, blocks: Array(100).fill(divider) }).success).toBe(true);
      expect(view.safeParse({ type, blocks: Array(101).fill(divider) }).success).toBe(false);
      expect(view.safeParse({ type: 'other', blocks: [] }).success).toBe(false);
    }
  });

  it('ask for a type of each block, and keep its other fields', () => {
    expect(messageBlocks.safeParse([{ text: 'x' }]).success).toBe(false);
    const section = { type: 'section', text: { type: 'plain_text', text: 'x', emoji: true } };
    expect(messageBlocks.parse([section])).toEqual([section]);
  });
});
