import { describe } from 'vitest';
import { describeAction } from '../action-concern.ts';
import type { ConnectorSubject } from '../connector-subject.ts';
import { describeFaults } from '../fault-concern.ts';
import { describeHealth } from '../health-concern.ts';
import { describeManifest } from '../manifest-concern.ts';
import { describeReconcile } from '../reconcile-concern.ts';
import { describeWebhook } from '../webhook-concern.ts';
import { type Defect, defects, sampleSubject } from './sample-connector.ts';

type Concern = (subject: ConnectorSubject) => void;

const onAction =
  (index: number, concern: (subject: ConnectorSubject, action: ConnectorSubject['actions'][number]) => void): Concern =>
  (subject) => {
    const action = subject.actions[index];
    if (action) concern(subject, action);
  };

// Only the concern that a defect is of: all of the suite for each would take a minute.
const concerned: Readonly<Record<Defect, Concern>> = {
  accepts_any_input: onAction(0, describeAction),
  creates_twice: onAction(0, describeAction),
  refuses_a_repeat: onAction(1, describeAction),
  never_finds: onAction(0, describeReconcile),
  finds_anything: onAction(0, describeReconcile),
  forgets_the_key: onAction(0, describeReconcile),
  takes_failure_for_absence: onAction(0, describeReconcile),
  takes_a_limit_for_final: onAction(0, describeFaults),
  takes_500_for_nothing_done: onAction(0, describeFaults),
  shuts_its_payload: describeManifest,
  reads_the_id_elsewhere: describeWebhook,
  emits_what_it_does_not_declare: describeWebhook,
  names_no_account: describeHealth,
  is_healthy_whatever_comes: describeHealth,
};

for (const defect of defects) describe(defect, () => concerned[defect](sampleSubject(defect)));
