// What automations are made of: triggers, steps, conditions, records, mappings and templates.
export type { RetryFigures } from './actions/action-policy.ts';
export type { EmailInput } from './actions/email/email-input.ts';
export type { EmailOptions, SmtpTransport } from './actions/email/email-options.ts';
export type { NotifyInput, NotifyUser, UserMessage, UserNotification } from './actions/notify-user-action.ts';
export type { CreateRecordInput } from './actions/records/create-record.ts';
export type { DeleteRecordInput } from './actions/records/delete-record.ts';
export type { LinkRecordsInput } from './actions/records/link-records.ts';
export type { UpdateRecordInput } from './actions/records/update-record.ts';
export type { ScriptInput } from './actions/scripts/run-script-action.ts';
export type {
  ActionStep,
  AutomationDefinition,
  ButtonTrigger,
  CalendarSource,
  ControlStep,
  Escalation,
  EventTrigger,
  FormSchema,
  FormTrigger,
  ManualTrigger,
  OrderingRule,
  ScheduleRule,
  ScheduleTrigger,
  Step,
  Trigger,
} from './automation/automation-definition.ts';
export type {
  BranchStep,
  DelayStep,
  EachStep,
  ErrorPath,
  GroupStep,
  RateRule,
  RetryRule,
  RunStep,
  SetStep,
  StepPolicies,
  StopStep,
  TransformStep,
  WaitStep,
} from './automation/flow-steps.ts';
export type { RecordRule, RecordTrigger } from './automation/record-trigger.ts';
export type {
  MappingCheck,
  MappingDefinition,
  MappingField,
  MappingTransform,
  MappingType,
} from './mapping/mapping-definition.ts';
export type { MappingFault } from './mapping/mapping-fault.ts';
export type { ValueKind } from './mapping/value-kind.ts';
export { defineRecords } from './records/define-records.ts';
export type {
  HostRecord,
  RecordAdapter,
  RecordAnswer,
  RecordCall,
  RecordDeletion,
  RecordLinking,
  RecordPlace,
  RecordRefusal,
  RecordWrite,
} from './records/record-adapter.ts';
export { type RecordRuleOf, recordTrigger } from './records/record-trigger.ts';
export type {
  RecordChangeKind,
  RecordEventData,
  RecordEvents,
  RecordLink,
  RecordTypeDefinition,
  RecordTypes,
  RecordView,
  ViewName,
  WithRecords,
} from './records/record-types.ts';
export type { TellResult } from './records/tell-change.ts';
export type {
  AgeOperator,
  CelCondition,
  ChangeOperator,
  Comparison,
  Condition,
  FieldCondition,
  ItemCondition,
  ItemFieldCondition,
  Operator,
  OrderOperator,
  Scalar,
} from './rules/condition.ts';
export type {
  ActualValue,
  AlwaysReport,
  CelReport,
  ConditionReport,
  FieldReport,
  GroupReport,
  ItemsReport,
  NotReport,
} from './rules/condition-report.ts';
export type { NamedCalendar } from './scheduling/schedule-calendars.ts';
export type {
  AutomationTemplate,
  ParameterType,
  TemplateConnection,
  TemplateParameter,
} from './templates/automation-template.ts';
export { automationTemplateJsonSchema } from './templates/template-json-schema.ts';
