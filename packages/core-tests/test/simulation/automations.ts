import type { SimulatedHub } from './simulated-hub.ts';

type Automations = ReturnType<SimulatedHub['tenant']>['automations'];
type Definition = Parameters<Automations['put']>[1];

const step = (id: string, action: 'read' | 'put' | 'keyed' | 'findable' | 'once', ref = '{{ event.id }}') => ({
  id,
  action: `service.${action}` as const,
  connection: 'main',
  input: { ref },
});
const risky = { id: 'bill', action: 'service.risky', connection: 'main', input: { ref: 'r' }, onUnknown: 'retry' } as const;
const placed = { event: 'order.placed' } as const;

/** Every automation in two versions, so that it can change while it runs. */
export const automations: Readonly<Record<string, readonly [Definition, Definition]>> = {
  file: [
    { trigger: placed, steps: [step('ticket', 'findable'), step('note', 'keyed', '{{ steps.ticket.output.id }}'), step('tell', 'once')] },
    { trigger: placed, steps: [step('note', 'keyed'), step('ticket', 'findable', '{{ steps.note.output.id }}')] },
  ],
  big: [
    {
      trigger: placed,
      when: { field: 'event.data.amount', op: 'greater_than', value: 50 },
      steps: [step('store', 'put'), risky],
    },
    {
      trigger: placed,
      when: { field: 'event.data.amount', op: 'greater_than', value: 50 },
      steps: [risky, step('store', 'put')],
    },
  ],
  reader: [
    { trigger: placed, steps: [step('look', 'read'), step('mark', 'put', '{{ steps.look.output.id }}')] },
    { trigger: placed, steps: [step('look', 'read')] },
  ],
  'by-hand': [
    { trigger: { manual: true }, steps: [step('hand', 'once'), step('look', 'read')] },
    { trigger: { manual: true }, steps: [step('look', 'read'), step('hand', 'once')] },
  ],
};

/** Whether the automation's condition holds, worked out without the rule engine. */
export function conditionHolds(automation: string, amount: number): boolean {
  return automation !== 'big' || amount > 50;
}
