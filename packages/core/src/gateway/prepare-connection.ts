import { attachmentOf } from './attach-credential.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import type { PreparedConnection } from './prepared-connection.ts';
import { resolveOrigin } from './resolve-origin.ts';
import { secretForms } from './secret-forms.ts';

/** Works out origin, attachment and secret forms once per opened credential. Throws `egress_refused` and `credential_missing`. */
export function prepareConnection({ prepared }: GatewayOptions, session: SessionOptions): PreparedConnection {
  const { connection, definition, credential } = session;
  const known = prepared.get(credential);
  if (known && known.connection === connection && known.definition === definition) return known;
  const made: PreparedConnection = {
    connection,
    definition,
    origin: resolveOrigin(definition.origin, connection.value.settings),
    attachment: attachmentOf(definition.auth, credential),
    forms: secretForms(credential),
  };
  prepared.set(credential, made);
  return made;
}
