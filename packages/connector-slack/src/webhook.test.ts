import type { Json } from '@patchbay/core';
import { createConnectorHarness, systemClock } from '@patchbay/core/connector-kit';
import { slackDelivery } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import { messageEvent, reactionEvent, urlVerification } from './__fixtures__/slack-events.ts';
import { slack } from './slack.ts';
import { slackWebhook } from './webhook.ts';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const at = (seconds: number) =>
  createConnectorHarness({
    connector: slack(),
    credential: { type: 'bearer', token: 'x' },
    clock: { ...systemClock, now: () => seconds * 1000 },
  });
const receive = (payload: Json) => {
  const { headers, body } = slackDelivery({ payload, secret, timestamp: 1_700_000_000 });
  return at(1_700_000_000).receive({ headers, body: Buffer.from(body), secrets: [secret] });
};
const withEvent = (event: Readonly<Record<string, Json>>): Json => ({ ...messageEvent, event: { ...messageEvent.event, ...event } });

describe('webhook', () => {
  it("says for how long a delivery may come again: longer than Slack's third retry, after six minutes", () => {
    expect(slackWebhook.redeliveryHorizonMs).toBeGreaterThan(6 * 60_000);
  });

  // The vendor's known answer is a slash command, which is a form: it is refused only after its signature was found right.
  it('accepts the known signature of docs.slack.dev, within five minutes', async () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const request = { headers, body: Buffer.from(body), secrets: [secret] };
    await expect(at(1_531_420_618).receive(request)).rejects.toMatchObject({ code: 'body_invalid' });
    await expect(at(1_531_420_618 + 300).receive(request)).rejects.toMatchObject({ code: 'body_invalid' });
    await expect(at(1_531_420_618 + 301).receive(request)).rejects.toMatchObject({ code: 'signature_refused' });
    await expect(at(1_531_420_618 - 301).receive(request)).rejects.toMatchObject({ code: 'signature_refused' });
  });

  it('answers the challenge as plain text', async () => {
    expect((await receive(urlVerification)).answer).toEqual({ status: 200, contentType: 'text/plain', body: urlVerification.challenge });
  });

  it('answers a delivery with 200, not with 202', async () => {
    expect((await receive(messageEvent)).answer.status).toBe(200);
  });

  it('takes the delivery id from event_id, so that a retry is known', async () => {
    expect((await receive(messageEvent)).deliveryId).toBe('Ev123ABC456');
  });

  it('gives the whole envelope as data, channel and message as subject, and the time of the event', async () => {
    expect((await receive(messageEvent)).events).toEqual([
      { trigger: 'message.posted', data: messageEvent, subject: 'C123ABC456/1355517523.000005', time: 1_355_517_523_000 },
    ]);
    expect((await receive(reactionEvent)).events[0]?.subject).toBe('C123ABC456/1360782400.498405');
  });

  it.each(['file_share', 'me_message', 'thread_broadcast', 'bot_message'])(
    'takes a message of the kind %s for a new one',
    async (subtype) => {
      expect((await receive(withEvent({ subtype }))).events).toHaveLength(1);
    },
  );

  it.each(['message_changed', 'message_deleted', 'channel_join', 'message_replied'])(
    'makes no event of a message of the kind %s',
    async (subtype) => {
      expect((await receive(withEvent({ subtype }))).events).toEqual([]);
    },
  );

  it.each([
    ['by its app id', { app_id: 'A123ABC456' }],
    ['by its bot profile', { bot_id: 'B1', bot_profile: { id: 'B1', app_id: 'A123ABC456' } }],
    ['by its bot user', { user: 'U0APPBOT01' }],
  ])('makes no event of what the app did itself, known %s', async (_how, event) => {
    expect((await receive(withEvent(event))).events).toEqual([]);
  });

  it('makes an event of what another app posted', async () => {
    expect((await receive(withEvent({ bot_id: 'B2', app_id: 'A999', bot_profile: { app_id: 'A999' } }))).events).toHaveLength(1);
  });

  it('names the workspace as the account', async () => {
    expect((await receive(messageEvent)).account).toBe('T123ABC456');
    const { authorizations: _none, ...old } = messageEvent;
    expect((await receive(old)).account).toBe('T123ABC456');
  });

  it('names the organisation where the app is installed for all of it', async () => {
    const authorizations = [{ enterprise_id: 'E123', team_id: null, user_id: 'U1', is_bot: true, is_enterprise_install: true }];
    expect((await receive({ ...messageEvent, enterprise_id: 'E123', authorizations })).account).toBe('E123');
  });

  it('names our own workspace for a channel shared with another company', async () => {
    expect((await receive({ ...messageEvent, team_id: 'T0OTHER' })).account).toBe('T123ABC456');
  });
});
