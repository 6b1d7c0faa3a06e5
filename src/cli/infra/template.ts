/** A template of Azure resources, kept once and printed twice: as Bicep and as ARM JSON. */
export interface Template {
  readonly parameters: readonly Parameter[];
  readonly resources: readonly Resource[];
  readonly outputs: readonly { readonly name: string; readonly value: Expression }[];
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly byDefault?: Value | undefined;
  readonly secure?: true | undefined;
}

export interface Resource {
  readonly symbol: string;
  readonly type: string;
  readonly api: string;
  /** Name; of a child with `parent` only its last part. */
  readonly name: Value;
  readonly existing?: true | undefined;
  readonly parent?: Resource | undefined;
  readonly scope?: Resource | undefined;
  readonly dependsOn?: readonly Resource[] | undefined;
  /** All else at the top level: location, kind, sku, identity, properties. */
  readonly body?: Readonly<Record<string, Value>> | undefined;
}

/** An expression in both languages; ARM's without its square brackets. */
export interface Expression {
  readonly bicep: string;
  readonly arm: string;
}

export type Value = string | number | boolean | Expression | readonly Value[] | { readonly [key: string]: Value };

function isExpression(value: Value): value is Expression {
  return typeof value === 'object' && 'bicep' in value && 'arm' in value;
}

export const parameter = (name: string): Expression => ({ bicep: name, arm: `parameters('${name}')` });

/** The text of a value in an ARM expression. */
const armText = (value: Value): string => (isExpression(value) ? value.arm : `'${String(value).replaceAll("'", "''")}'`);

/** Type and names from the outermost parent down, as resourceId() takes them. */
function path({ type, name, parent }: Resource): { readonly type: string; readonly names: readonly Value[] } {
  if (!parent) return { type, names: [name] };
  return { type, names: [...path(parent).names, name] };
}

export function idOf(resource: Resource): Expression {
  const { type, names } = path(resource);
  return { bicep: `${resource.symbol}.id`, arm: `resourceId('${type}', ${names.map(armText).join(', ')})` };
}

/** A property of a resource that is known only once it is deployed. */
export function propertyOf(resource: Resource, property: string): Expression {
  return { bicep: `${resource.symbol}.properties.${property}`, arm: `reference(${idOf(resource).arm}, '${resource.api}').${property}` };
}

/** Text with expressions in it. */
export function joined(parts: TemplateStringsArray, ...values: readonly Expression[]): Expression {
  const bicep = parts.map((part, i) => escapeBicep(part) + (i < values.length ? `\${${values[i]!.bicep}}` : '')).join('');
  const format = parts.map((part, i) => part.replaceAll('{', '{{').replaceAll('}', '}}') + (i < values.length ? `{${i}}` : '')).join('');
  return { bicep: `'${bicep}'`, arm: `format('${format.replaceAll("'", "''")}', ${values.map(({ arm }) => arm).join(', ')})` };
}

function escapeBicep(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('${', '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

function bicepValue(value: Value, indent: string): string {
  if (typeof value === 'string') return `'${escapeBicep(value)}'`;
  if (typeof value !== 'object') return String(value);
  if (isExpression(value)) return value.bicep;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${bicepValue(item as Value, inner)}`).join('\n')}\n${indent}]`;
  }
  const entries = Object.entries(value as Readonly<Record<string, Value>>);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, item]) => `${inner}${bicepKey(key)}: ${bicepValue(item, inner)}`).join('\n')}\n${indent}}`;
}

/** Keys that are expressions are written `[[bicep|arm]]` in the template. */
const KEY_EXPRESSION = /^\[\[(.*)\|\|(.*)\]\]$/;
export const key = ({ bicep, arm }: Expression): string => `[[${bicep}||${arm}]]`;

function bicepKey(text: string): string {
  const match = KEY_EXPRESSION.exec(text);
  if (match) return `'\${${match[1]}}'`;
  return /^[A-Za-z_]\w*$/.test(text) ? text : `'${escapeBicep(text)}'`;
}

/** The template as Bicep. */
export function bicepText({ parameters, resources, outputs }: Template, head: string): string {
  const lines = [`// ${head}`, "targetScope = 'resourceGroup'", ''];
  for (const { name, description, byDefault, secure } of parameters) {
    lines.push(`@description('${escapeBicep(description)}')`);
    if (secure) lines.push('@secure()');
    lines.push(`param ${name} string${byDefault === undefined ? '' : ` = ${bicepValue(byDefault, '')}`}`, '');
  }
  for (const resource of resources) {
    const { symbol, type, api, name, existing, parent, scope, dependsOn, body = {} } = resource;
    lines.push(`resource ${symbol} '${type}@${api}' ${existing ? 'existing ' : ''}= {`);
    if (parent) lines.push(`  parent: ${parent.symbol}`);
    if (scope) lines.push(`  scope: ${scope.symbol}`);
    lines.push(`  name: ${bicepValue(name, '  ')}`);
    for (const [property, value] of Object.entries(body)) lines.push(`  ${property}: ${bicepValue(value, '  ')}`);
    if (dependsOn) lines.push(`  dependsOn: [\n${dependsOn.map((other) => `    ${other.symbol}`).join('\n')}\n  ]`);
    lines.push('}', '');
  }
  for (const { name, value } of outputs) lines.push(`output ${name} string = ${value.bicep}`);
  return `${lines.join('\n')}\n`;
}

/** A text that begins with a bracket would be read as an expression. */
function armValue(value: Value): unknown {
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (typeof value !== 'object') return value;
  if (isExpression(value)) return `[${value.arm}]`;
  if (Array.isArray(value)) return value.map((item) => armValue(item as Value));
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, Value>>).map(([name, item]) => {
      const match = KEY_EXPRESSION.exec(name);
      return [match ? `[format('{0}', ${match[2]})]` : name, armValue(item)];
    }),
  );
}

/** The template as ARM JSON. What a resource refers to it also waits for, as Bicep would have it. */
export function armTemplate({ parameters, resources, outputs }: Template): unknown {
  const made = resources.filter(({ existing }) => !existing);
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: Object.fromEntries(
      parameters.map(({ name, description, byDefault, secure }) => [
        name,
        {
          type: secure ? 'securestring' : 'string',
          ...(byDefault !== undefined && { defaultValue: armValue(byDefault) }),
          metadata: { description },
        },
      ]),
    ),
    resources: made.map((resource) => {
      const { type, api, scope, body = {} } = resource;
      const { names } = path(resource);
      const name =
        names.length === 1
          ? armValue(names[0]!)
          : `[format('${names.map((_, i) => `{${i}}`).join('/')}', ${names.map(armText).join(', ')})]`;
      const waits = waitsFor(resource, made);
      return {
        type,
        apiVersion: api,
        ...(scope && { scope: `[${idOf(scope).arm}]` }),
        name,
        ...(armValue(body as Value) as object),
        ...(waits.length > 0 && { dependsOn: waits.map((other) => `[${idOf(other).arm}]`) }),
      };
    }),
    outputs: Object.fromEntries(outputs.map(({ name, value }) => [name, { type: 'string', value: `[${value.arm}]` }])),
  };
}

function waitsFor(resource: Resource, made: readonly Resource[]): readonly Resource[] {
  const text = JSON.stringify([resource.body ?? {}, resource.name]);
  const named = new Set<Resource>([
    ...(resource.dependsOn ?? []),
    ...(resource.parent ? [resource.parent] : []),
    ...(resource.scope ? [resource.scope] : []),
  ]);
  for (const other of made) if (other !== resource && text.includes(JSON.stringify(idOf(other).arm).slice(1, -1))) named.add(other);
  return made.filter((other) => named.has(other));
}
