import type { Json } from '@patchbay/core';
import { createConnectorHarness, systemClock } from '@patchbay/core/connector-kit';
import { slackDelivery, slackFormDelivery } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import {
  blockActions,
  command,
  messageAction,
  secretsOfInteractions,
  shortcut,
  sslCheck,
  viewSubmission,
} from './__fixtures__/interactions.ts';
import { changedEvent, deletedEvent, eventOf, messageEvent, reactionEvent, urlVerification } from './__fixtures__/slack-events.ts';
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
const receiveForm = (fields: Readonly<Record<string, string>>) => {
  const { headers, body } = slackFormDelivery({ fields, secret, timestamp: 1_700_000_000 });
  return at(1_700_000_000).receive({ headers, body: Buffer.from(body), secrets: [secret] });
};
const withEvent = (event: Readonly<Record<string, Json>>): Json => ({ ...messageEvent, event: { ...messageEvent.event, ...event } });

describe('webhook', () => {
  it("says for how long a delivery may come again: longer than Slack's third retry, after six minutes", () => {
    expect(slackWebhook.redeliveryHorizonMs).toBeGreaterThan(6 * 60_000);
  });

  it('accepts the known signature of docs.slack.dev, within five minutes', async () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const request = { headers, body: Buffer.from(body), secrets: [secret] };
    for (const late of [0, 300]) {
      const { events, deliveryId } = await at(1_531_420_618 + late).receive(request);
      expect(deliveryId).toBe('398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c');
      expect(events).toMatchObject([{ trigger: 'command.invoked', subject: 'G8PSS9T3V', data: { command: '/webhook-collect', text: '' } }]);
    }
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

  it('gives the whole envelope but its token as data, channel and message as subject, and the time of the event', async () => {
    const { token: _secret, ...data } = messageEvent;
    expect((await receive(messageEvent)).events).toEqual([
      { trigger: 'message.posted', data, subject: 'C123ABC456/1355517523.000005', time: 1_355_517_523_000 },
    ]);
    expect((await receive(reactionEvent)).events[0]?.subject).toBe('C123ABC456/1360782400.498405');
  });

  it.each(['file_share', 'me_message', 'thread_broadcast', 'bot_message'])(
    'takes a message of the kind %s for a new one',
    async (subtype) => {
      expect((await receive(withEvent({ subtype }))).events).toHaveLength(1);
    },
  );

  it.each(['channel_join', 'message_replied', 'channel_topic'])('makes no event of a message of the kind %s', async (subtype) => {
    expect((await receive(withEvent({ subtype }))).events).toEqual([]);
  });

  it.each([
    ['by its app id', { app_id: 'A123ABC456' }],
    ['by its bot profile', { bot_id: 'B1', bot_profile: { id: 'B1', app_id: 'A123ABC456' } }],
    ['by its bot user', { user: 'U0APPBOT01' }],
  ])('makes no event of what the app did itself, known %s', async (_how, event) => {
    expect((await receive(withEvent(event))).events).toEqual([]);
  });

  it('tells which message was changed or deleted', async () => {
    expect((await receive(changedEvent)).events).toMatchObject([{ trigger: 'message.changed', subject: 'C123ABC456/1355517523.000005' }]);
    expect((await receive(deletedEvent)).events).toMatchObject([{ trigger: 'message.deleted', subject: 'C123ABC456/1355517523.000005' }]);
  });

  it.each([
    ['changed', { ...changedEvent, event: { ...changedEvent.event, message: { ts: '1.000000', app_id: 'A123ABC456' } } }],
    ['changed, known by its user', { ...changedEvent, event: { ...changedEvent.event, message: { ts: '1.000000', user: 'U0APPBOT01' } } }],
    ['deleted', { ...deletedEvent, event: { ...deletedEvent.event, previous_message: { app_id: 'A123ABC456' } } }],
  ])('makes no event where a message of its own was %s', async (_what, payload) => {
    expect((await receive(payload)).events).toEqual([]);
  });

  it('tells that the app itself was added to a channel', async () => {
    const joined = eventOf('member_joined_channel');
    const event = { type: 'member_joined_channel', user: 'U0APPBOT01', channel: 'C123ABC456' };
    expect((await receive({ ...joined, event })).events).toMatchObject([{ trigger: 'member.joined', subject: 'C123ABC456' }]);
  });

  it.each([
    [blockActions, 'block.acted', 'C123ABC456/1548261231.000200', 1_548_426_417_840],
    [messageAction, 'message_shortcut.used', 'C123ABC456/1548261231.000200', 1_581_106_241_372],
    [shortcut, 'shortcut.used', undefined, 1_581_106_241_372],
    [viewSubmission, 'view.submitted', 'VNHU13V36', undefined],
  ])('gives the interaction %# with its trigger_id and without what lets others post', async (payload, trigger, subject, time) => {
    const received = await receiveForm({ payload: JSON.stringify(payload) });
    expect(received).toMatchObject({ account: 'T123ABC456', deliveryId: payload.trigger_id, answer: { status: 200, body: '' } });
    const [event, ...more] = received.events;
    expect([event?.trigger, event?.subject, event?.time, more]).toEqual([trigger, subject, time, []]);
    expect(event?.data).toMatchObject({ trigger_id: payload.trigger_id, user: payload.user });
    for (const secret of secretsOfInteractions) expect(JSON.stringify(received)).not.toContain(secret);
  });

  it('gives a slash command with its trigger_id and without what lets others post', async () => {
    const received = await receiveForm(command);
    const { token: _token, response_url: _url, ...data } = command;
    expect(received.events).toEqual([{ trigger: 'command.invoked', data, subject: 'C123ABC456' }]);
    expect(received).toMatchObject({ account: 'T123ABC456', answer: { status: 200, body: '' } });
  });

  it('names the organisation of a command and of an interaction where the app is installed for all of it', async () => {
    const ofCommand = { ...command, enterprise_id: 'E123', is_enterprise_install: 'true' };
    expect((await receiveForm(ofCommand)).account).toBe('E123');
    const ofShortcut = { ...shortcut, team: null, enterprise: { id: 'E123', name: 'Acme' }, is_enterprise_install: true };
    expect((await receiveForm({ payload: JSON.stringify(ofShortcut) })).account).toBe('E123');
    expect((await receiveForm({ ...command, enterprise_id: 'E123' })).account).toBe('T123ABC456');
  });

  it('asks for a signature over a look at the certificate too, and makes no event of it', async () => {
    expect(await receiveForm(sslCheck)).toMatchObject({ challenge: true, events: [] });
    const unsigned = {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from('ssl_check=1'),
      secrets: [secret],
    };
    await expect(at(1_700_000_000).receive(unsigned)).rejects.toMatchObject({ code: 'signature_refused' });
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
