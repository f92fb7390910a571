import { z } from 'zod';

import { type DemoAnswer, type DemoCall, type DemoRoute, parseBody } from './demo-route.ts';
import { type Parcel, type ParcelStatus, addressProblems, offer, services } from './parcel.ts';
import { FJORD_AND_FERN, addParcel, record } from './parcel-state.ts';

/** Every operation of `content/apis/parcels/v1/openapi.yaml`: the older words for the same parcels. */
export const parcelsV1: readonly DemoRoute[] = [
  {
    method: 'GET',
    path: '/shipments',
    answer: ({ state }) => ({ status: 200, body: { shipments: state.parcels.slice(-100).reverse().map(toShipment) } }),
  },
  { method: 'POST', path: '/shipments', answer: createShipment },
  {
    method: 'GET',
    path: '/shipments/{number}',
    answer: withShipment((parcel) => ({ status: 200, body: toShipment(parcel) })),
  },
  { method: 'DELETE', path: '/shipments/{number}', answer: withShipment(cancelShipment) },
  { method: 'GET', path: '/shipments/{number}/status', answer: withShipment(shipmentStatus) },
  { method: 'GET', path: '/rates', answer: rates },
];

const MOST_SHIPMENTS = 500;
const kilograms = z
  .number('must be a number of kilograms')
  .positive('must be more than 0')
  .max(31.5, 'must be 31.5 at most');
const country = z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, such as PT');

const newShipment = z.strictObject({
  to: z.string().min(1).max(80),
  /** Street, postal code and city in one line. */
  address: z
    .string()
    .max(120)
    .regex(/^[^,]+,\s*\S+(?: \S+)+$/, 'must be: street, postal code city'),
  country,
  weight: kilograms,
});

const words: Readonly<Record<ParcelStatus, string>> = {
  created: 'open',
  in_transit: 'moving',
  out_for_delivery: 'moving',
  delivered: 'delivered',
  returned: 'returned',
  cancelled: 'cancelled',
};

function toShipment(parcel: Parcel) {
  const { name, street, postalCode, city, country: land } = parcel.recipient;
  return {
    number: parcel.trackingNumber,
    status: words[parcel.status],
    to: name,
    address: `${street}, ${postalCode} ${city}`,
    country: land,
    weight: parcel.weightGrams / 1000,
    price: parcel.priceCents / 100,
  };
}

function failure(status: number, error: string): DemoAnswer {
  return { status, body: { error } };
}

function withShipment(answer: (parcel: Parcel, call: DemoCall) => DemoAnswer): DemoRoute['answer'] {
  return (call) => {
    const parcel = call.state.parcels.find(({ trackingNumber }) => trackingNumber === call.parameter('number'));
    return parcel ? answer(parcel, call) : failure(404, 'no such shipment');
  };
}

function createShipment({ state, body, nowMs }: DemoCall): DemoAnswer {
  const parsed = parseBody(newShipment, body);
  if (!parsed.ok) return failure(400, parsed.mistakes.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
  if (state.parcels.length >= MOST_SHIPMENTS)
    return failure(409, `this demonstration keeps ${MOST_SHIPMENTS} shipments at most`);
  const { to, address, country: land, weight } = parsed.value;
  const [street = '', place = ''] = address.split(/,\s*/);
  const [postalCode = '', ...city] = splitPlace(place, land);
  const recipient = { name: to, street, postalCode, city: city.join(' '), country: land };
  const [mistake] = addressProblems(recipient);
  if (mistake) return failure(400, mistake.detail);
  const size = { lengthMm: 240, widthMm: 180, heightMm: 120 };
  const order = {
    reference: null,
    service: 'standard' as const,
    size,
    sender: FJORD_AND_FERN,
    recipient,
    deliveryNote: null,
  };
  const parcel = addParcel(state, { ...order, weightGrams: Math.max(1, Math.round(weight * 1000)) }, nowMs);
  return parcel ? { status: 201, body: toShipment(parcel) } : failure(400, 'too heavy');
}

/** Swedish and Dutch postal codes have a space. */
function splitPlace(place: string, land: string): string[] {
  const parts = place.split(' ');
  return (land === 'SE' || land === 'NL') && parts.length > 2
    ? [parts.slice(0, 2).join(' '), ...parts.slice(2)]
    : parts;
}

function cancelShipment(parcel: Parcel, { state, nowMs }: DemoCall): DemoAnswer {
  if (parcel.status !== 'created') return failure(409, `the shipment is ${words[parcel.status]}`);
  record(state, parcel, 'cancelled', null, 'Cancelled by the sender.', nowMs);
  return { status: 204 };
}

function shipmentStatus(parcel: Parcel, { state }: DemoCall): DemoAnswer {
  const newest = state.events.get(parcel.id)?.at(-1);
  return { status: 200, body: { status: words[parcel.status], text: newest?.text, at: newest?.at } };
}

function rates({ query }: DemoCall): DemoAnswer {
  const parsed = z
    .object({ country, weight: z.coerce.number().pipe(kilograms) })
    .safeParse({ country: query.get('country') ?? '', weight: query.get('weight') ?? '' });
  if (!parsed.success)
    return failure(400, parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`).join('; '));
  const grams = parsed.data.weight * 1000;
  const prices = services.flatMap((service) => {
    const terms = offer(service, 'NO', parsed.data.country, grams);
    return terms ? [[service, terms.priceCents / 100] as const] : [];
  });
  return { status: 200, body: Object.fromEntries(prices) };
}
