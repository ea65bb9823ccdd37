/** True in SQL where who asks is the role or may become it, by inheritance, `set role` or `reset role`. `role`: expression of its oid. */
export const mayBecome = (role: string): string =>
  `(pg_catalog.pg_has_role(current_user, ${role}, 'member') or pg_catalog.pg_has_role(session_user, ${role}, 'member'))`;

/** Table of all roles that who asks is or may become, by the name `me`. A privilege of one of them is a privilege of whoever asks. */
export const me = `me as materialized (select r.oid from pg_catalog.pg_roles r where ${mayBecome('r.oid')})`;
