import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { parseAutomation } from '../automation/parse-automation.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { HostFunctions } from '../connector/host-function.ts';
import type { RowPage } from '../contracts/configuration-store.ts';
import type { Json } from '../json/json.ts';
import { versionRowName } from '../routing/version-of.ts';
import type { AutomationTemplate } from '../templates/automation-template.ts';
import { type AutomationAnalytics, type AutomationAnalyticsRequest, automationAnalytics } from './automation-analytics.ts';
import { type AutomationSchedule, automationSchedule, lookAfterTrigger } from './automation-schedule.ts';
import { type Automation, automationRow, storedDefinition, toAutomation } from './automation-view.ts';
import { deleteAutomation, putAutomation, setEnabled } from './change-automation.ts';
import { checkNames } from './check-automation.ts';
import { checkInputsNow } from './check-inputs.ts';
import { checkTypes } from './check-types.ts';
import { type CompareRequest, compareVersions, type VersionComparison } from './compare-versions.ts';
import { type DryRunReport, type DryRunRequest, dryRun } from './dry-run.ts';
import { type FormLink, type FormLinkOptions, formLink } from './form-link.ts';
import { notFound } from './not-found.ts';
import { type PressOptions, pressButton } from './press-button.ts';
import { runAutomation } from './run-automation.ts';
import type { StartedRun } from './start-automation.ts';
import { automationFromTemplate, type ExportOptions, exportAutomation, type FromTemplate } from './templates-api.ts';
import type { TenantScope } from './tenant-services.ts';
import type { AutomationInput, HostEvents } from './typed-automation.ts';

/** A tenant's automations. A reference is a name or an id. */
export interface AutomationsApi<C extends Connector, E extends HostEvents, F extends HostFunctions = never> {
  /** Makes the automation of this name, or a new version of it; the same definition changes nothing. Throws `automation_invalid` naming the place. */
  put(name: string, definition: AutomationInput<C, E, F>): Promise<Automation>;
  /** Checks a definition that comes as data, from a console or a file, and gives it its type. Throws `automation_invalid` naming the place. */
  parse(json: unknown): AutomationInput<C, E, F>;
  get(reference: string): Promise<Automation>;
  list(): Promise<readonly Automation[]>;
  /** The definition of one version; an old one stays readable while the automation exists. */
  version(reference: string, version: number): Promise<AutomationDefinition>;
  enable(reference: string): Promise<Automation>;
  /** Starts no more runs; open ones go on. */
  disable(reference: string): Promise<Automation>;
  /** Deletes it. Open runs go on with the version they began with; history stays. */
  delete(reference: string): Promise<void>;
  /** A template of it: the definition without anything of the tenant's, to be handed on. */
  export(reference: string, options?: ExportOptions): Promise<AutomationTemplate>;
  /** Makes one from a template, or a new version of it. Throws `automation_invalid` for a template that is none, and `invalid_argument` naming all that is missing. */
  fromTemplate(template: AutomationTemplate, options: FromTemplate): Promise<Automation>;
  /** Runs one with a manual trigger, with the given data as its event's. The same key with the same data is the same run, for 30 days. */
  run(reference: string, data?: Json, options?: { readonly idempotencyKey?: string }): Promise<StartedRun>;
  /** Presses the button of one with a button trigger: checks what was filled in, and records who pressed. */
  press(reference: string, data?: Json, options?: PressOptions): Promise<StartedRun>;
  /** A public, signed address of the form of one with a form trigger. Disabling the automation closes all of its links. */
  formLink(reference: string, options?: FormLinkOptions): Promise<FormLink>;
  /** When one with a schedule fires next, when it has fired, and what it has missed. */
  schedule(reference: string): Promise<AutomationSchedule>;
  /**
   * What would have happened, with no effect: would it have started, and which steps with which inputs. Of a stored automation, or of a definition that
   * is not stored, which is refused where `put` would refuse it.
   */
  dryRun(what: string | AutomationInput<C, E, F>, request: DryRunRequest): Promise<DryRunReport>;
  /** Holds two versions against stored events, of the last seven days unless a window is named: which would have started, and with what. No effect. */
  compare(reference: string, request: CompareRequest): Promise<VersionComparison>;
  /** How it has done, in the last seven days unless a window is named: its runs, how long they took, and where they failed. */
  analytics(reference: string, request?: AutomationAnalyticsRequest): Promise<AutomationAnalytics>;
}

/** The automations part of a tenant's handle. */
export function automationsApi<C extends Connector, E extends HostEvents, F extends HostFunctions>(
  scope: TenantScope,
): AutomationsApi<C, E, F> {
  const { tenant, storage } = scope;
  return {
    async put(name, definition) {
      const automation = await putAutomation(scope, name, definition);
      await lookAfterTrigger(scope, automation.id);
      return automation;
    },
    parse(json) {
      const definition = parseAutomation(json);
      checkNames(scope, definition);
      checkInputsNow(scope, definition);
      checkTypes(scope, null, definition);
      // It names only actions and event types of this hub, which is what the type says.
      return definition as unknown as AutomationInput<C, E, F>;
    },
    get: async (reference) => toAutomation(await automationRow(scope, reference)),
    async list() {
      await scope.ready();
      const automations: Automation[] = [];
      for (let cursor: string | null = null; ; ) {
        const page: RowPage<'automation'> = await storage.configuration.list(tenant, 'automation', { cursor, limit: 500 });
        automations.push(...page.rows.map(toAutomation));
        cursor = page.cursor;
        if (cursor === null) return automations;
      }
    },
    async version(reference, version) {
      const row = await automationRow(scope, reference);
      const found = Number.isSafeInteger(version)
        ? await storage.configuration.find(tenant, 'automation_version', versionRowName(row.id, version))
        : null;
      if (!found) throw notFound('automation');
      return storedDefinition(found.value.definition);
    },
    async enable(reference) {
      const automation = await setEnabled(scope, reference, true);
      await lookAfterTrigger(scope, automation.id);
      return automation;
    },
    disable: (reference) => setEnabled(scope, reference, false),
    delete: (reference) => deleteAutomation(scope, reference),
    export: (reference, options) => exportAutomation(scope, reference, options),
    fromTemplate: (template, options) => automationFromTemplate(scope, template, options),
    run: (reference, data = {}, options = {}) => runAutomation(scope, reference, data, options),
    press: (reference, data = {}, options = {}) => pressButton(scope, reference, data, options),
    formLink: (reference, options = {}) => formLink(scope, reference, options),
    schedule: (reference) => automationSchedule(scope, reference),
    analytics: (reference, request = {}) => automationAnalytics(scope, reference, request),
    compare: (reference, request) => compareVersions(scope, reference, request),
    dryRun: (what, request) => dryRun(scope, what, request),
  };
}
