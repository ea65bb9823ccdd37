import type { Json } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const fields = [{ to: 'title', from: 'subject', required: true }] as const;

describe('mappings', () => {
  it('are put by name, in versions, each of which stays', async () => {
    const first = await acme.mappings.put('ticket', { fields });
    expect(await acme.mappings.put('ticket', { fields })).toEqual(first);
    const second = await acme.mappings.put('ticket', { fields: [{ to: 'title', from: 'name' }] });
    expect([first.version, second.version, second.id === first.id]).toEqual([1, 2, true]);
    expect(await acme.mappings.get('ticket')).toEqual(second);
    expect(await acme.mappings.get(first.id)).toEqual(second);
    expect((await acme.mappings.version('ticket', 1)).definition).toEqual({ fields });
    expect((await acme.mappings.history('ticket')).map(({ version }) => version)).toEqual([2, 1]);
    expect((await acme.mappings.list()).map(({ name }) => name)).toEqual(['ticket']);
    const { items } = await acme.audit.list({ action: 'mapping.change' });
    expect(items).toHaveLength(1);
    await acme.mappings.delete('ticket');
    await expect(acme.mappings.get('ticket')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    [{ event: 'desk.ticket.burnt', fields }, 'no connector emits desk.ticket.burnt'],
    [{ event: 'order.placed', fields }, 'no connector emits order.placed'],
    [{ event: 'desk.ticket.filed', connection: 'nobody', fields }, 'there is no connection nobody'],
    [{ fields: [{ to: '__proto__.x', value: 1 }] }, 'not allowed'],
  ])('are refused where they name what is not there: %j', async (definition, fault) => {
    await expect(acme.mappings.put('x', definition)).rejects.toMatchObject({
      code: 'mapping_invalid',
      message: expect.stringContaining(fault),
    });
    expect(await acme.mappings.list()).toEqual([]);
  });

  it('are one for the same events', async () => {
    await acme.mappings.put('a', { event: 'desk.ticket.filed', fields });
    await acme.mappings.put('b', { event: 'desk.ticket.filed', connection: 'main', fields });
    await expect(acme.mappings.put('c', { event: 'desk.ticket.filed', fields })).rejects.toMatchObject({
      code: 'mapping_invalid',
      message: expect.stringContaining('the mapping a is for the same events'),
    });
    const { id } = await acme.connections.get('main');
    await expect(acme.mappings.put('c', { event: 'desk.ticket.filed', connection: id, fields })).rejects.toThrow(/mapping b/);
  });

  it('show what they would make, and nothing is stored', async () => {
    const preview = await acme.mappings.preview({ fields: [...fields, { to: 'n', from: 'n', type: 'number' }] }, { subject: 'x', n: 'y' });
    expect(preview).toEqual({
      value: { title: 'x' },
      faults: [{ to: 'n', from: 'n', kind: 'text', reason: 'it cannot be made a number' }],
    });
    expect(await acme.mappings.list()).toEqual([]);
    expect((await acme.events.list()).items).toEqual([]);
    await acme.mappings.put('ticket', { fields });
    expect(await acme.mappings.test('ticket', {})).toMatchObject({
      faults: [{ to: 'title', kind: 'absent', reason: 'it is required' }],
    });
  });

  it('map by name, and back', async () => {
    await acme.mappings.put('ticket', { fields: [...fields, { to: 'details.total', from: 'total', transforms: [{ scale: 100 }] }] });
    const input = await acme.mappings.apply('ticket', { subject: 'Order', total: 2 });
    expect(input).toEqual({ title: 'Order', details: { total: 200 } });
    expect(await acme.mappings.reverse('ticket', input)).toEqual({ subject: 'Order', total: 2 });
    await expect(acme.mappings.apply('ticket', {})).rejects.toMatchObject({ code: 'mapping_failed' });
    await expect(acme.mappings.apply('ticket', 1n as unknown as Json)).rejects.toMatchObject({ code: 'invalid_event' });
    await acme.mappings.put('lossy', { fields: [{ to: 'a', from: 'b', transforms: ['trim'] }] });
    await expect(acme.mappings.reverse('lossy', { a: 'x' })).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('make the input of an action from a record of the host', async () => {
    await acme.mappings.put('ticket', { fields });
    const call = await acme.actions.executeMapped('desk.file_ticket', {
      connection: 'main',
      mapping: 'ticket',
      record: { subject: 'Order A-1' },
    });
    await office.settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded' });
    expect(stage.desk.callsOf('file_ticket').map(({ input }) => input)).toEqual([{ title: 'Order A-1' }]);
    await expect(
      acme.actions.executeMapped('desk.file_ticket', { connection: 'main', mapping: 'ticket', record: { name: 'Order A-1' } }),
    ).rejects.toMatchObject({ code: 'mapping_failed' });
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
  });
});
