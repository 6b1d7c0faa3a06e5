/**
 * Faster forms of what the parser's C# runtime (Bridge.NET) asks itself most often: a quarter of the time of a query was spent in
 * them, on questions whose answer depends on the class of an object alone, and on names put together anew each time. What is not
 * such a case goes to the form of the package.
 */
type Class = ((...args: never[]) => unknown) & {
  readonly $kind?: string;
  readonly $is?: unknown;
  readonly $literal?: unknown;
  readonly $$alias?: string;
  readonly $genericTypeDefinition?: unknown;
};
interface Instance {
  readonly constructor: Class;
  readonly $boxed?: boolean;
}
interface Runtime {
  is(value: unknown, type: Class, ignoreFn?: boolean, allowNull?: boolean): boolean;
  ref(owner: unknown, name: unknown): unknown;
  getTypeAlias(type: Class): string;
  getEnumerator(...args: unknown[]): unknown;
  geti(owner: Record<string, unknown>, name: string, other?: string): string;
  getProperty(owner: Record<string, unknown>, name: string): unknown;
  readonly Class: { getCachedType(generic: Generic, types: ArrayLike<unknown>): unknown };
  isArray(value: unknown, type?: unknown): boolean;
  hasValue(value: unknown): boolean;
  referenceEquals(a: unknown, b: unknown): boolean;
  staticEquals(a: unknown, b: unknown): boolean;
}
/** A class with types for parameters: the classes that were made of it. */
interface Generic {
  readonly $cache: readonly unknown[];
}
interface Arrays {
  getCount(list: object, type?: Class): number;
  getItem(list: object, index: number, type?: Class): unknown;
}

export function quicken(bridge: Runtime, arrays: Arrays, anyObject: unknown): void {
  bridge.is = byClass(bridge.is.bind(bridge), anyObject);
  bridge.ref = withoutDefining(bridge.ref.bind(bridge));
  bridge.isArray = byConstructor(bridge.isArray.bind(bridge));
  arrays.getCount = withNames(bridge, arrays.getCount.bind(arrays));
  arrays.getItem = itemByName(bridge, arrays.getItem.bind(arrays));
  bridge.getEnumerator = byMemberName(bridge, bridge.getEnumerator.bind(bridge));
  bridge.geti = withLastName(bridge.geti.bind(bridge));
  bridge.Class.getCachedType = byArgument(bridge.Class.getCachedType.bind(bridge.Class));
  // The package asks first whether the owner is a collection of a browser.
  bridge.getProperty = (owner, name) => owner[name];
  comparing(bridge);
}

/** What is no boxed value has itself for a value. */
function comparing(bridge: Runtime): void {
  const { hasValue, referenceEquals, staticEquals } = bridge;
  const boxed = (value: unknown) => typeof value === 'object' && value !== null && (value as Instance).$boxed === true;
  bridge.hasValue = (value) => (boxed(value) ? hasValue.call(bridge, value) : value !== null && value !== undefined);
  bridge.referenceEquals = (a, b) =>
    boxed(a) || boxed(b) ? referenceEquals.call(bridge, a, b) : a === b || ((a ?? null) === null && (b ?? null) === null);
  bridge.staticEquals = (a, b) => {
    if ((a ?? null) === null) return !bridge.hasValue(b);
    return (b ?? null) === null ? !bridge.hasValue(a) : staticEquals.call(bridge, a, b);
  };
}

/** Whether a value is an array is told by its class, but for what JavaScript itself calls an array. */
function byConstructor(ask: Runtime['isArray']): Runtime['isArray'] {
  const known = new Map<unknown, boolean>();
  return (value, type) => {
    if (Array.isArray(value)) return true;
    const own = type ?? (value as Instance | null | undefined)?.constructor;
    const told = known.get(own);
    if (told !== undefined) return told;
    const answer = ask(value, type);
    known.set(own, answer);
    return answer;
  };
}

/** `getItem`, with the name of the member that gives it kept by the type of the elements. */
function itemByName(bridge: Runtime, ask: Arrays['getItem']): Arrays['getItem'] {
  const names = new Map<Class, string>();
  return (list, index, type) => {
    if (!type || Array.isArray(list)) return ask(list, index, type);
    const name = names.get(type) ?? `System$Collections$Generic$IList$1$${bridge.getTypeAlias(type)}$getItem`;
    if (!names.has(type)) names.set(type, name);
    const get = (list as Record<string, unknown>)[name];
    return typeof get === 'function' && !bridge.isArray(list) ? get.call(list, index) : ask(list, index, type);
  };
}

/** `is`, remembered for each pair of classes; null, boxed values, arrays and types that test values themselves are asked anew. */
function byClass(ask: Runtime['is'], anyObject: unknown): Runtime['is'] {
  const known = new Map<Class, Map<Class, boolean>>();
  return (value, type, ignoreFn, allowNull) => {
    if (typeof value !== 'object' || value === null) return ask(value, type, ignoreFn, allowNull);
    const own = (value as Instance).constructor;
    const answers = known.get(own);
    const told = answers?.get(type);
    if (told !== undefined) return told;
    if (typeof type !== 'function' || type === anyObject || type.$is || type.$literal) return ask(value, type, ignoreFn, allowNull);
    if ((value as Instance).$boxed || typeof own !== 'function' || own.$kind !== 'class') return ask(value, type, ignoreFn, allowNull);
    const answer = ask(value, type, ignoreFn, allowNull);
    known.set(own, (answers ?? new Map<Class, boolean>()).set(type, answer));
    return answer;
  };
}

/** `getEnumerator(list, type)`, with the name of the member that gives it kept by the type of the elements. */
function byMemberName(bridge: Runtime, ask: Runtime['getEnumerator']): Runtime['getEnumerator'] {
  const names = new Map<unknown, string>();
  return (...args) => {
    const [list, type] = args;
    if (args.length !== 2 || typeof type !== 'function' || typeof list !== 'object' || list === null || Array.isArray(list))
      return ask(...args);
    const name = names.get(type) ?? `System$Collections$Generic$IEnumerable$1$${bridge.getTypeAlias(type as Class)}$GetEnumerator`;
    if (!names.has(type)) names.set(type, name);
    const get = (list as Record<string, unknown>)[name];
    return typeof get === 'function' ? get.call(list) : ask(...args);
  };
}

/** `geti`, with the short name of a member of an interface kept: it is cut out of the long one. */
function withLastName(ask: Runtime['geti']): Runtime['geti'] {
  const short = new Map<string, string>();
  return (owner, name, other) => {
    if (owner[name] !== undefined) return name;
    if (other && owner[other] !== undefined && owner[other] !== null) return other;
    const long = other || name;
    const known = short.get(long) ?? ask(owner, name, other);
    short.set(long, known);
    return known;
  };
}

/** A class by the one type it was made with; the package looks through all that were made. */
function byArgument(ask: Runtime['Class']['getCachedType']): Runtime['Class']['getCachedType'] {
  const known = new WeakMap<Generic, Map<unknown, unknown>>();
  return (generic, types) => {
    if (types.length !== 1) return ask(generic, types);
    const made = known.get(generic)?.get(types[0]);
    if (made !== undefined) return made;
    const found = ask(generic, types);
    if (found) known.set(generic, (known.get(generic) ?? new Map<unknown, unknown>()).set(types[0], found));
    return found;
  };
}

/** A reference to a member, without a property defined for each. */
class MemberReference {
  readonly owner: Record<string, unknown>;
  readonly name: string | number;

  constructor(owner: Record<string, unknown>, name: string | number) {
    this.owner = owner;
    this.name = name;
  }

  get v(): unknown {
    return this.owner[this.name];
  }

  set v(value: unknown) {
    this.owner[this.name] = value;
  }
}

function withoutDefining(ask: Runtime['ref']): Runtime['ref'] {
  return (owner, name) =>
    typeof name === 'string' || typeof name === 'number' ? new MemberReference(owner as Record<string, unknown>, name) : ask(owner, name);
}

/** `getCount`, with the names of the members that hold it kept by the type of the elements. */
function withNames(bridge: Runtime, ask: Arrays['getCount']): Arrays['getCount'] {
  const names = new Map<Class, readonly [getter: string, member: string]>();
  return (list, type) => {
    if (Array.isArray(list)) return list.length;
    if (!type || bridge.isArray(list)) return ask(list, type);
    const own = names.get(type) ?? namesOf(bridge.getTypeAlias(type));
    if (!names.has(type)) names.set(type, own);
    const members = list as Record<string, unknown>;
    const get = members[own[0]];
    if (typeof get === 'function') return get.call(list) as number;
    if (members['System$Collections$ICollection$getCount']) return ask(list, type);
    const count = members[own[1]];
    return typeof count === 'number' ? count : ask(list, type);
  };
}

function namesOf(element: string): readonly [getter: string, member: string] {
  const prefix = `System$Collections$Generic$ICollection$1$${element}$`;
  return [`${prefix}getCount`, `${prefix}Count`];
}

interface Sequences {
  from(source: unknown, type?: unknown): object;
  readonly prototype: { ToArray(this: object, type?: unknown): unknown[] };
}
interface List extends Instance {
  readonly _items: readonly unknown[];
  readonly Count: number;
}

/** Lists are made arrays of as they lie, where the package asks an enumerator for each of their items. */
export function copyLists(sequences: Sequences, initArray: (items: unknown[], type: unknown) => unknown[], list: unknown): void {
  const { from } = sequences;
  const { ToArray } = sequences.prototype;
  const sources = new WeakMap<object, List>();
  const isList = (source: unknown): source is List =>
    typeof source === 'object' &&
    source !== null &&
    (source as Instance).constructor.$genericTypeDefinition === list &&
    Array.isArray((source as List)._items);
  sequences.from = (source, type) => {
    const sequence = from.call(sequences, source, type);
    if (isList(source)) sources.set(sequence, source);
    return sequence;
  };
  sequences.prototype.ToArray = function toArray(this: object, type?: unknown) {
    const source = sources.get(this);
    return source && type ? initArray(source._items.slice(0, source.Count), type) : ToArray.call(this, type);
  };
}
