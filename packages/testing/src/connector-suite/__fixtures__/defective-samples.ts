import { describe } from 'vitest';
import { describeAction } from '../action-concern.ts';
import type { ActionCase, ConnectorSubject } from '../connector-subject.ts';
import { describeEcho } from '../echo-concern.ts';
import { describeFaults } from '../fault-concern.ts';
import { describeHealth } from '../health-concern.ts';
import { describeLostAnswer } from '../lost-answer-concern.ts';
import { describeManifest } from '../manifest-concern.ts';
import { describePages } from '../pages-concern.ts';
import { describePolls } from '../poll-concern.ts';
import { describeReconcile } from '../reconcile-concern.ts';
import { describeRefresh } from '../refresh-concern.ts';
import { describeRepeat } from '../repeat-concern.ts';
import { describeReplay } from '../replay-concern.ts';
import { describeResources } from '../resource-concern.ts';
import { describeSkew } from '../skew-concern.ts';
import { describeTampering } from '../tamper-concern.ts';
import { describeWebhook } from '../webhook-concern.ts';
import { sampleSubject } from './sample-connector.ts';
import { type Defect, defects } from './sample-defects.ts';
import type { SampleService, Way } from './sample-service.ts';

type Concern = (subject: ConnectorSubject<SampleService>) => void;

const onAction =
  (index: number, concern: (subject: ConnectorSubject<SampleService>, action: ActionCase<SampleService>) => void): Concern =>
  (subject) => {
    const action = subject.actions[index];
    if (action) concern(subject, action);
  };

// Only the concern that a defect is of: all of the suite for each would take a minute.
const concerned: Readonly<Record<Defect, Concern>> = {
  accepts_any_input: onAction(0, describeAction),
  creates_twice: onAction(0, describeAction),
  asks_needlessly: onAction(0, describeAction),
  refuses_a_repeat: onAction(1, describeRepeat),
  repeats_its_creation: onAction(1, describeRepeat),
  repeats_its_creation_unseen: onAction(1, describeRepeat),
  repeats_and_says_nothing: onAction(1, describeRepeat),
  sends_no_key: onAction(2, describeRepeat),
  reads_without_end: onAction(3, describePages),
  goes_past_the_gateway: onAction(0, describeAction),
  names_no_documentation: describeManifest,
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
  forgets_a_resource: describeResources,
  names_a_resource_elsewhere: describeResources,
  reads_a_resource_elsewhere: describeResources,
  forgets_the_cursor: describePolls,
  looks_without_end: describePolls,
  is_healthy_whatever_comes: describeHealth,
  leaves_the_body_unsigned: describeTampering,
  leaves_no_room_for_clocks: describeSkew,
  emits_again_what_it_kept: describeReplay,
  tries_again_by_itself: onAction(0, describeLostAnswer),
  shows_a_token_of_its_own: onAction(0, describeEcho),
  knows_no_refused_refresh_token: (subject) => subject.oauth && describeRefresh(subject, subject.oauth),
};

// With a bearer token the look at authorization alone would see it.
const wayOf: Partial<Record<Defect, Way>> = { goes_past_the_gateway: 'header' };

for (const defect of defects) describe(defect, () => concerned[defect](sampleSubject(defect, wayOf[defect])));
