import type { Json } from '../json/json.ts';

/** A rule that says when somebody is to be told, and how. In the hub's own scope it is the operator's and looks at all tenants. */
export interface AlertRuleRecord {
  readonly enabled: boolean;
  /** As it was put; parsed above this layer. It holds no secret. */
  readonly definition: Json;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}
