import type { Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

describe('get_changelog', () => {
  it('gives what fields were and became, whatever an item lacks', async () => {
    const { provider, harness } = await jiraStage();
    const full = { field: 'status', fieldId: 'status', from: '1', fromString: 'To Do', to: '3', toString: 'Done' };
    const items: readonly Json[] = [full, JSON.parse('{"field":"labels"}')];
    const values = [{ id: '1', created: '2026-01-01T00:00:00.000+0000', items }];
    provider.failNext(1, { kind: 'answer', status: 200, body: { values, isLast: true } });
    const { output } = await harness.execute({ action: 'get_changelog', input: { issue: 'OPS-1' } });
    expect(output).toMatchObject({
      changes: [
        {
          items: [
            { field: 'status', from: '1', from_text: 'To Do', to: '3', to_text: 'Done' },
            { field: 'labels', from: null, from_text: null, to: null, to_text: null },
          ],
        },
      ],
      more: false,
    });
  });
});
