import { describe, expect, it } from 'vitest';
import { slackStage } from '../__fixtures__/slack-stage.ts';
import { writeText } from './post-message.ts';

const written = (text: string, more: { format?: 'mrkdwn' | 'plain'; allowBroadcasts?: boolean } = {}): string =>
  writeText({ text, format: 'mrkdwn', allowBroadcasts: false, ...more });

describe('writeText', () => {
  it('leaves mrkdwn as it is', () => {
    const text = '*bold* <https://example.com|a link> <@U012AB3CD> <#C012AB3CD> &amp;';
    expect(written(text)).toBe(text);
  });

  it.each(['<!channel>', '<!here>', '<!everyone>', '<!here|here>', '<!subteam^SAZ94GDB8>', '<!CHANNEL>', '<! channel>', '<!group>'])(
    'shows %s as text, so that a rendered value notifies nobody',
    (text) => {
      expect(written(`Title: ${text}`)).toBe(`Title: &lt;${text.slice(1)}`);
    },
  );

  it('lets broadcasts through where the caller allows them', () => {
    expect(written('<!here> fire', { allowBroadcasts: true })).toBe('<!here> fire');
  });

  it('keeps dates, which notify nobody', () => {
    expect(written('<!date^1392734382^{date}|Feb 18>')).toBe('<!date^1392734382^{date}|Feb 18>');
  });

  it('escapes everything in plain text, broadcasts allowed or not', () => {
    expect(written('a & <!here> > b', { format: 'plain', allowBroadcasts: true })).toBe('a &amp; &lt;!here&gt; &gt; b');
  });
});

describe('send_message', () => {
  it('lets no input set the metadata or any other field of Slack', async () => {
    const { provider, harness } = await slackStage();
    for (const extra of [
      { metadata: { event_type: 'x', event_payload: {} } },
      { username: 'root' },
      { thread_ts: '1.000000' },
      { link_names: true },
    ]) {
      await expect(harness.execute({ action: 'send_message', input: { channel: '#ops', text: 'x', ...extra } })).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
    expect(provider.requests).toEqual([]);
  });

  it("gives the channel's id, also where the name was given", async () => {
    const { provider, harness } = await slackStage();
    const { output } = await harness.execute({ action: 'send_message', input: { channel: '#ops', text: 'x' } });
    expect(output).toEqual({ channel: provider.channel('ops'), ts: provider.messages()[0]?.ts });
  });
});
