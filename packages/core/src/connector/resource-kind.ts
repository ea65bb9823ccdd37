/**
 * A kind of thing at the service that a connection can be confined to: a repository, a channel, a project. All of it is JSON and stands in the
 * manifest.
 */
export interface ResourceKind {
  readonly title: string;
  /** A name as a person is to write it, `octocat/hello-world`. */
  readonly example: string;
  /** Regular expression of a whole name, letters already folded. What does not fit is the name of nothing. */
  readonly pattern: string;
  /** How the letters A to Z of a name are folded, where the service takes both writings for one thing. @default 'exact' */
  readonly letters?: 'lower' | 'upper' | 'exact';
  /** What stands between the parts of a name that comes in several fields or segments. @default '/' */
  readonly separator?: string;
  /** Paths at which the host's own requests stay with the resource that they name; every other path is refused to a confined connection. @default none */
  readonly paths?: readonly ResourcePath[];
}

/** A path that names its resource. */
export interface ResourcePath {
  /**
   * Below the connector's base path. A `{}` is a segment of the name, `*` any segment, `**` at the end any rest: `/repos/{}/{}/issues/**`. One
   * without a `{}` touches none of the kind.
   */
  readonly path: string;
  /** @default every method */
  readonly methods?: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[];
  /** As in {@link ResourceField}, for the one segment of the name. @default the whole of it */
  readonly within?: string;
}

/** Where a resource is named in an input or a payload. Absent, it names nothing; present, it must name one that is allowed. */
export interface ResourceField<Field extends string = string> {
  /** Paths of the fields that make up the name, with dots. One may hold a list: each of its values is a name. */
  readonly fields: readonly [Field, ...Field[]];
  /** Regular expression of the whole value, whose one group is the name: `(.+)-\d+` for the project in an issue's key. @default the whole value */
  readonly within?: string;
}

/**
 * What an action or a trigger has to do with a kind of resource: the places that name one, together the whole of what it touches; `untouched`
 * where it touches none of them; `any` where it may touch each, which is refused to a connection that is confined.
 */
export type ResourceUse<Field extends string = string> = 'untouched' | 'any' | readonly [ResourceField<Field>, ...ResourceField<Field>[]];

/** By kind. A kind that is left out is taken for `any`. */
export type ResourceUses<Field extends string = string> = Readonly<Record<string, ResourceUse<Field>>>;

/** The paths of a value's fields, four deep. */
export type FieldPath<Value, Depth extends readonly unknown[] = [1, 1, 1, 1]> = unknown extends Value
  ? string
  : Depth extends readonly [unknown, ...infer Deeper]
    ? Value extends readonly unknown[] | null | undefined
      ? never
      : Value extends object
        ? { [Key in keyof Value & string]: Key | `${Key}.${FieldPath<NonNullable<Value[Key]>, Deeper>}` }[keyof Value & string]
        : never
    : never;
