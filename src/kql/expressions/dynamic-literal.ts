import { datetimeText } from '../../core/ticks.ts';
import { type Literal, literalOf } from '../tree/literal.ts';
import { kindOf, list, type Node, need, textOf } from '../tree/syntax.ts';

/** The JSON text of what stands inside dynamic(...); undefined when something in it is not a constant. */
export function jsonOf(node: Node): string | undefined {
  switch (kindOf(node)) {
    case 'DynamicExpression':
    case 'ParenthesizedExpression':
      return jsonOf(need(node, 'Expression'));
    case 'JsonObjectExpression': {
      const pairs = list(node, 'Pairs').map((pair) => {
        const value = jsonOf(need(pair, 'Value'));
        return value === undefined ? undefined : `${JSON.stringify(need(pair, 'Name').ValueText ?? '')}:${value}`;
      });
      return pairs.includes(undefined) ? undefined : `{${pairs.join(',')}}`;
    }
    case 'JsonArrayExpression': {
      const values = list(node, 'Values').map(jsonOf);
      return values.includes(undefined) ? undefined : `[${values.join(',')}]`;
    }
    case 'UnaryMinusExpression':
      return `-${jsonOf(need(node, 'Expression'))}`;
    case 'NullLiteralExpression':
      return 'null';
  }
  const literal = literalOf(node);
  return literal && jsonOfLiteral(literal, textOf(node));
}

function jsonOfLiteral({ type, value }: Literal, text: string): string | undefined {
  if (value === null) return type === 'datetime' ? undefined : 'null';
  switch (type) {
    case 'datetime':
      return JSON.stringify(datetimeText(value as bigint));
    case 'timespan':
      // A number of ticks, though pack_array() of the same gives its text.
      return String(value);
    case 'real':
      if (!Number.isFinite(value as number)) return /\d/.test(text) ? undefined : JSON.stringify(String(value));
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? text : String(value);
    case 'bool':
      return /^(?:true|false)$/.test(text) ? text : undefined;
    case 'int':
    case 'long':
      return /^-?\d+$/.test(text) ? text : String(value);
    case 'decimal':
      return String(value);
    default:
      return JSON.stringify(value);
  }
}
