// What is typed into a cell of the product list, by the type of its attribute; without one, by what stood there.
import type { Json } from '../api/types.ts';
import { parseDecimal } from '../kit/forms.ts';
import type { AttributeType } from '../model/model.ts';
import { attributeValue, type AttributeRow } from './draft.ts';

// What is typed into a cell as the API takes it; what is no number goes as it is, and comes back with what to do.
export function typedValue(text: string, type: AttributeType | undefined, kind: AttributeRow['kind']): Json {
  const typed = text.trim();
  if (typed === '') return null;
  if (!type) return attributeValue({ name: '', text: kind === 'text' ? text : typed, kind });
  switch (type) {
    case 'number': case 'decimal': case 'price': return parseDecimal(typed) ?? typed;
    case 'measurement': return typed; // the appliance reads "1,5 kg"
    case 'yes_no': return typed === 'true';
    case 'choices': case 'references': return typed.split(',').map((one) => one.trim()).filter(Boolean);
    default: return text;
  }
}
