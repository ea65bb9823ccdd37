import type { Connector } from '../../connector/connector-definition.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { checkSecret } from './check-secret.ts';
import type { RegisterInput } from './register-input.ts';

/** Longest name of what a registration is for, characters. */
const longestTarget = 300;

/** Throws `unsupported`, `unknown_trigger`, `invalid_argument` and `credential_missing` for what cannot be registered so. */
export function checkRegistration(input: RegisterInput): void {
  const { connector, triggers, secret, target } = input;
  const { webhook } = connector.definition;
  if (!webhook) {
    throw new PatchbayError({ code: 'unsupported', message: `The connector ${connector.id} receives no webhooks.` });
  }
  if (isByApi(input)) checkTarget(connector.id, webhook, target);
  else if (target !== undefined)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'What a person sets up at the service is for what the person chose there. Leave the target out.',
    });
  for (const trigger of triggers) {
    if (Object.hasOwn(connector.triggers, trigger)) continue;
    throw new PatchbayError({
      code: 'unknown_trigger',
      message: `The connector ${connector.id} has no trigger ${trigger}. It has: ${Object.keys(connector.triggers).join(', ')}.`,
    });
  }
  if (triggers.length === 0)
    throw new PatchbayError({ code: 'invalid_argument', message: 'A registration needs at least one trigger. Name it.' });
  if (webhook.scheme === undefined) refuseSecret(connector, secret);
  else if (secret !== undefined) checkSecret(secret, webhook.scheme, input);
}

/** Nobody who gives a secret is to think that it is looked at. */
function refuseSecret({ id }: Connector, secret: string | undefined): void {
  if (secret === undefined) return;
  const message = `The webhooks of ${id} are verified by no secret: its definition says so. Leave the secret out.`;
  throw new PatchbayError({ code: 'unsupported', message });
}

function checkTarget(connector: string, { subscriptions }: WebhookDeclaration, target: string | undefined): void {
  if (subscriptions === undefined)
    throw new PatchbayError({
      code: 'unsupported',
      message: `The hub cannot register webhooks of ${connector} by itself. Set one up at the service, with a secret, and give that secret here.`,
    });
  if (subscriptions.target === undefined && target !== undefined)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `Registrations of ${connector} are for the whole account. Leave the target out.`,
    });
  const isNamed = typeof target === 'string' && target.length > 0 && target.length <= longestTarget && target.isWellFormed();
  if (subscriptions.target !== undefined && !isNamed)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `A registration of ${connector} by API names its target: ${subscriptions.target}. Give target, or a secret of a webhook that was set up by hand.`,
    });
}

/** What a person has set up has a secret that the person knows; what the hub has, nobody. */
export function checkSameWay({ value }: Row<'registration'>, input: RegisterInput): void {
  if (value.subscription === undefined && isByApi(input))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'A person has set this registration up. Give its secret, or unregister it and register it anew without one.',
    });
  if (value.subscription !== undefined && !isByApi(input))
    throw new PatchbayError({
      code: 'invalid_argument',
      message:
        'The hub has registered this one at the provider with a secret of its own. Leave the secret out; rotateSecret makes another.',
    });
}

/** Without a secret the hub registers by the provider's API; where webhooks are verified by none and there is no such way, a person does all the same. */
export function isByApi({ connector, secret }: RegisterInput): boolean {
  const { scheme, subscriptions } = connector.definition.webhook ?? {};
  return secret === undefined && (scheme !== undefined || subscriptions !== undefined);
}
