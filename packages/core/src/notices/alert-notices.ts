/** What `hub.on` can observe of alerts. */
export interface AlertNotices {
  /** A rule of alerts has found trouble that is enough; once for each rule and subject while it lasts, in one process. `subject` is `{kind}:{id}`. */
  'alert.opened': {
    tenant: string;
    alertId: string;
    /** Name of the rule. */
    rule: string;
    severity: 'info' | 'warning' | 'critical';
    /** What the rule watched. */
    signal: string;
    subject: string;
    code: string | null;
    at: number;
  };
  /** It is over: the opposite has come, nothing more came, a person said so, or the rule has gone. */
  'alert.resolved': {
    tenant: string;
    alertId: string;
    rule: string;
    severity: 'info' | 'warning' | 'critical';
    why: 'recovered' | 'quiet' | 'person' | 'rule';
    openedAt: number;
    at: number;
  };
}
