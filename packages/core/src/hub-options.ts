import type { RetryFigures } from './actions/action-policy.ts';
import type { EmailOptions } from './actions/email/email-options.ts';
import type { NotifyUser } from './actions/notify-user-action.ts';
import type { AlertOptions } from './alert-options.ts';
import type { AuditOptions } from './audit-options.ts';
import type { Clock } from './clock/clock.ts';
import type { Connector } from './connector/connector-definition.ts';
import type { HostFunctions } from './connector/host-function.ts';
import type { Transforms } from './connector/transform.ts';
import type { AppEndpoints } from './contracts/configuration-records.ts';
import type { PlanPolicy } from './contracts/plan-policy.ts';
import type { Queue } from './contracts/queue.ts';
import type { ScriptRunner } from './contracts/script-runner.ts';
import type { SearchIndex } from './contracts/search-index.ts';
import type { Storage } from './contracts/storage.ts';
import type { WorkerFigures } from './dispatch/dispatcher-options.ts';
import type { EgressOptions } from './egress-options.ts';
import type { RequestSigner } from './gateway/signing/request-signer.ts';
import type { HealthOptions } from './health-options.ts';
import type { GenerateId } from './id/generate-id.ts';
import type { Logger } from './logger/logger.ts';
import type { RecordAdapter } from './records/record-adapter.ts';
import type { RecordTypes } from './records/record-types.ts';
import type { RequestLogOptions } from './request-log-options.ts';
import type { ResilienceOptions } from './resilience-options.ts';
import type { ScheduleOptions } from './schedule-options.ts';
import type { TelemetryOptions } from './telemetry/telemetry-options.ts';
import type { HostEvents } from './tenant/typed-automation.ts';
import type { KeyProvider } from './vault/key-provider.ts';
import type { WebhookOptions } from './webhook-options.ts';

/** A webhook secret of an app that verifies for a time. */
export interface AppSecret {
  readonly secret: string;
  /** @default from the beginning */
  readonly notBefore?: Date;
  /** The first moment at which it verifies no more. @default no end */
  readonly notAfter?: Date;
}

/** The host's own registration at a service, for all its tenants. */
export interface AppRegistration {
  /** Verifies deliveries to `/webhooks/{connector}`, 8 to 1,024 characters; up to five while one is being replaced. Absent: they are refused. */
  readonly webhookSecret?: string | AppSecret | readonly (string | AppSecret)[];
  /** Lets tenants connect accounts with OAuth through this app. Absent: only those who have put a registration of their own can. */
  readonly oauth?: AppOAuth;
}

/** The hub's own registration as a client of a service's authorization server. */
export interface AppOAuth {
  readonly clientId: string;
  /** Absent for a public client, and for one that proves itself with its `privateKey`. */
  readonly clientSecret?: string;
  /**
   * PEM, and by what id the service knows the key. Without a `clientSecret` the app proves itself by an assertion that it signs (`private_key_jwt`), whose
   * audience is the connector's `issuer`; an app with installations, such as a GitHub App, asks for their tokens with it. @default none
   */
  readonly privateKey?: string;
  readonly keyId?: string;
  /** Where they differ from the connector's, such as a server of the host's own. @default the connector's */
  readonly endpoints?: AppEndpoints;
}

/** What is kept of answers, in each process. */
export interface ResponseCacheOptions {
  /** Bytes for all of them; an answer takes an eighth at most. 0 keeps none. @default 16,777,216 */
  readonly maximumBytes?: number;
}

/** How credentials are looked after. */
export interface CredentialOptions {
  /**
   * Days before the end of a credential (`expiresAt`) at which the notice `connection.credential_expiring` is given: up to ten whole numbers from 0 to
   * 3,650. @default [14, 3, 1]
   */
  readonly remindDays?: readonly number[];
}

/** What `createHub` is given. */
export interface HubOptions<
  C extends readonly Connector[],
  E extends HostEvents,
  Transaction = never,
  F extends HostFunctions = HostFunctions,
  R extends RecordTypes = RecordTypes,
> {
  readonly connectors: C;
  /** `memoryStorage()`, `postgresStorage({ pool })`. */
  readonly storage: Storage<Transaction>;
  /** Keys that wrap every tenant's data key: `localKeys({ active, keys })`. */
  readonly keys: KeyProvider;
  /** Where the hub is reached from outside, with the path it is mounted under: `https://app.example.com/hub`. */
  readonly publicUrl: string;
  /** Schemas of the host's own event types, `{ 'order.placed': z.object({ … }) }`. @default none */
  readonly events?: E;
  /** The host's own records that automations may know, and what reads and writes them: `defineRecords({ types, get, … })`. @default none */
  readonly records?: RecordAdapter<R>;
  /**
   * Functions of the host that automations and `actions.execute` call as `host.{name}`: `{ charge: defineFunction({ … }) }`. Give the same ones in every
   * process. @default none
   */
  readonly functions?: F;
  /** The mail server of `email.send`. @default none: the action is refused */
  readonly email?: EmailOptions;
  /** Tells a host user, for `notify.user`. @default none: the action is refused */
  readonly notifyUser?: NotifyUser;
  /** Runs scripts of `script.run`: `quickjsScripts()` of `@patchbay/script-quickjs`. @default none: the action is refused */
  readonly scripts?: ScriptRunner;
  /** The host's own search index, which tenants' content is brought into: `tenant.content`. Give it in every process that works. @default none */
  readonly searchIndex?: SearchIndex;
  /** Registrations of the host at services, by connector id. @default none */
  readonly apps?: Readonly<Record<string, AppRegistration>>;
  /** What each tenant may have: limits and features. @default everything is allowed */
  readonly plans?: PlanPolicy;
  /** Signers that connectors may name beside `aws-sigv4`. They see what is signed with, so pass only code that you trust. @default none */
  readonly signers?: readonly RequestSigner[];
  /** Origins to which people may be sent back after connecting an account, besides that of `publicUrl`. @default none */
  readonly returnOrigins?: readonly string[];
  /** @default the storage's own */
  readonly queue?: Queue;
  /** @default warnings and errors to standard error, as lines of JSON */
  readonly logger?: Logger;
  /** Who did what: keys of its chains, checkpoints outside the database, how long it is kept. */
  readonly audit?: AuditOptions;
  /** How alerts are told, and how often. */
  readonly alerts?: AlertOptions;
  /** Calendars that schedules go by. */
  readonly schedules?: ScheduleOptions;
  /** How the credentials of connections are looked after. */
  readonly credentials?: CredentialOptions;
  /** What is kept of the requests to services, and for how long. */
  readonly requestLog?: RequestLogOptions;
  /** What OpenTelemetry is told, through `@opentelemetry/api` alone: `{}` for spans and metrics. @default nothing */
  readonly telemetry?: TelemetryOptions;
  /** How the health of connections is looked after. */
  readonly health?: HealthOptions;
  readonly worker?: Partial<WorkerFigures>;
  readonly retry?: Partial<RetryFigures>;
  /** How many requests may be under way at once, and when a service that fails is left alone. */
  readonly resilience?: ResilienceOptions;
  /** From where webhooks are taken, and how many unsigned ones are looked at. */
  readonly webhooks?: WebhookOptions;
  /**
   * Machines of the host's own before the hub, whose word about a sender's address is taken: how many there are one after another, or their
   * addresses as ranges. @default 0: the other end of the socket is the sender
   */
  readonly trustedProxies?: number | readonly string[];
  /** The header that those machines write; one that a sender can write past them tells lies. @default 'x-forwarded-for' */
  readonly forwardedHeader?: 'x-forwarded-for' | 'forwarded';
  /** Largest webhook body that is read, bytes. @default 1,048,576 */
  readonly maximumBodyBytes?: number;
  /** Largest answer of a service that is read, bytes. @default 10,485,760 */
  readonly maximumResponseBytes?: number;
  /** Most runs that `flow.run` begins in a day which all go back to one event: automations that start each other end there. @default 1000 */
  readonly maximumFlowRuns?: number;
  /** Change the requests and the good answers of connectors, by connector id: those of the host come before the connector's own. @default none */
  readonly transforms?: Readonly<Record<string, Transforms>>;
  /** Answers that callers let be kept. */
  readonly responseCache?: ResponseCacheOptions;
  /** A proxy that the hub's requests go through. Variables of the environment change nothing. @default none */
  readonly egress?: EgressOptions;
  /** Lets connectors reach loopback and private addresses, over plain http too. For tests and services inside your own network. @default false */
  readonly dangerouslyAllowPrivateNetworks?: boolean;
  /**
   * Lets connectors reach this machine alone, over plain http too; the rest is refused before a name is looked up, whatever
   * `dangerouslyAllowPrivateNetworks` says. For tests against stand-ins. @default false
   */
  readonly loopbackOnly?: boolean;
  /** @default the machine's */
  readonly clock?: Clock;
  /** A number between 0 and 1, for jitter. @default Math.random */
  readonly random?: () => number;
  /** @default uuid v7 */
  readonly generateId?: GenerateId;
}
