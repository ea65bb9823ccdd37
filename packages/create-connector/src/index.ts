export { type AuthKind, authKinds, type ConnectorPlan, categories } from './connector-plan.ts';
export { writeConnector } from './write-connector.ts';
