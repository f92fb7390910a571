import type { z } from 'zod';

import { type BodyMistake, type DemoAnswer, type DemoCall, type DemoRoute, parseBody } from './demo-route.ts';
import { type Parcel, addressProblems, isWorkingDay, offer, serviceTerms, services } from './parcel.ts';
import { addParcel, record } from './parcel-state.ts';
import * as forms from './parcels-v2.form.ts';
import { problem } from './demo-problem.ts';

const MOST = { parcels: 500, pickups: 50, webhooks: 20 };

/** Every operation of `content/apis/parcels/v2/openapi.yaml`. */
export const parcelsV2: readonly DemoRoute[] = [
  { method: 'GET', path: '/parcels', answer: listParcels },
  { method: 'POST', path: '/parcels', answer: withBody(forms.newParcel, createParcel) },
  { method: 'GET', path: '/parcels/{parcelId}', answer: withParcel((parcel) => ({ status: 200, body: parcel })) },
  { method: 'PATCH', path: '/parcels/{parcelId}', answer: withBody(forms.parcelChange, updateParcel) },
  { method: 'POST', path: '/parcels/{parcelId}/cancellation', answer: withParcel(cancelParcel) },
  {
    method: 'GET',
    path: '/parcels/{parcelId}/events',
    answer: withParcel((parcel, { state }) => ({ status: 200, body: { events: state.events.get(parcel.id) } })),
  },
  { method: 'GET', path: '/parcels/{parcelId}/label', answer: withParcel(label) },
  { method: 'GET', path: '/tracking/{trackingNumber}', answer: track },
  { method: 'POST', path: '/address-checks', answer: withBody(forms.address, checkAddress) },
  { method: 'GET', path: '/services', answer: listServices },
  { method: 'POST', path: '/quotes', answer: withBody(forms.quoteRequest, quote) },
  {
    method: 'GET',
    path: '/pickups',
    answer: ({ state }) => ({
      status: 200,
      body: { pickups: [...state.pickups].sort((a, b) => a.day.localeCompare(b.day)) },
    }),
  },
  { method: 'POST', path: '/pickups', answer: withBody(forms.newPickup, bookPickup) },
  { method: 'GET', path: '/pickups/{pickupId}', answer: getPickup },
  {
    method: 'DELETE',
    path: '/pickups/{pickupId}',
    answer: (call) => remove(call.state.pickups, call.parameter('pickupId')),
  },
  { method: 'GET', path: '/webhooks', answer: ({ state }) => ({ status: 200, body: { webhooks: state.webhooks } }) },
  { method: 'POST', path: '/webhooks', answer: withBody(forms.newWebhook, addWebhook) },
  {
    method: 'DELETE',
    path: '/webhooks/{webhookId}',
    answer: (call) => remove(call.state.webhooks, call.parameter('webhookId')),
  },
];

function withBody<T>(schema: z.ZodType<T>, answer: (value: T, call: DemoCall) => DemoAnswer): DemoRoute['answer'] {
  return (call) => {
    if (call.body === undefined)
      return problem(400, 'body_missing', 'Send a JSON body with Content-Type: application/json.');
    const parsed = parseBody(schema, call.body);
    return parsed.ok ? answer(parsed.value, call) : unprocessable(parsed.mistakes);
  };
}

function withParcel(answer: (parcel: Parcel, call: DemoCall) => DemoAnswer): DemoRoute['answer'] {
  return (call) => {
    const parcel = call.state.parcels.find(({ id }) => id === call.parameter('parcelId'));
    return parcel ? answer(parcel, call) : notFound();
  };
}

function notFound(): DemoAnswer {
  return problem(404, 'not_found', 'There is no such thing among those of your application.');
}

function unprocessable(errors: readonly BodyMistake[]): DemoAnswer {
  return problem(422, 'body_invalid', 'The body is not what is asked for; errors names each member.', { errors });
}

function listParcels({ state, query }: DemoCall): DemoAnswer {
  const parsed = forms.parcelQuery.safeParse(Object.fromEntries(query));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return problem(400, 'query_invalid', `${String(issue?.path[0])}: ${issue?.message ?? 'is not valid'}`);
  }
  const { status, reference, pageSize, cursor } = parsed.data;
  const matching = state.parcels
    .filter((parcel) => status === undefined || parcel.status === status)
    .filter((parcel) => reference === undefined || parcel.reference === reference)
    .reverse();
  const before = cursor === undefined ? -1 : matching.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && before === -1)
    return problem(400, 'cursor_unknown', 'cursor must be nextCursor of the page before.');
  const page = matching.slice(before + 1, before + 1 + pageSize);
  const isLast = before + 1 + pageSize >= matching.length;
  return { status: 200, body: { parcels: page, nextCursor: isLast ? null : (page.at(-1)?.id ?? null) } };
}

function createParcel(request: z.infer<typeof forms.newParcel>, { state, nowMs }: DemoCall): DemoAnswer {
  const mistakes = [...addressMistakes('/sender', request.sender), ...addressMistakes('/recipient', request.recipient)];
  if (mistakes.length > 0) return unprocessable(mistakes);
  const same = state.parcels.find(({ reference }) => reference !== null && reference === request.reference);
  if (same) return problem(409, 'reference_taken', `Parcel ${same.id} has this reference already.`);
  if (state.parcels.length >= MOST.parcels) return tooMany('parcels', MOST.parcels);
  const order = { ...request, reference: request.reference ?? null, deliveryNote: request.deliveryNote ?? null };
  const parcel = addParcel(state, order, nowMs);
  if (!parcel) return tooHeavy(request.service);
  return { status: 201, body: parcel, location: `/parcels/${parcel.id}` };
}

function updateParcel(change: z.infer<typeof forms.parcelChange>, call: DemoCall): DemoAnswer {
  return withParcel((parcel) => {
    if (parcel.status !== 'created') return handedOver(parcel);
    const next = { ...parcel, ...change } as Parcel;
    const mistakes = addressMistakes('/recipient', next.recipient);
    if (mistakes.length > 0) return unprocessable(mistakes);
    const terms = offer(next.service, next.sender.country, next.recipient.country, next.weightGrams);
    if (!terms) return tooHeavy(next.service);
    Object.assign(parcel, next, { priceCents: terms.priceCents });
    return { status: 200, body: parcel };
  })(call);
}

function cancelParcel(parcel: Parcel, { state, nowMs }: DemoCall): DemoAnswer {
  if (parcel.status !== 'created' && parcel.status !== 'cancelled') return handedOver(parcel);
  if (parcel.status === 'created') record(state, parcel, 'cancelled', null, 'Cancelled by the sender.', nowMs);
  return { status: 200, body: parcel };
}

function label(parcel: Parcel): DemoAnswer {
  if (parcel.status === 'cancelled') return problem(409, 'parcel_cancelled', 'A cancelled parcel has no label.');
  // ^ and ~ start commands of the printer.
  const lines = [
    parcel.recipient.name,
    parcel.recipient.street,
    `${parcel.recipient.postalCode} ${parcel.recipient.city}`,
  ]
    .map((line, index) => `^FO40,${String(40 + 60 * index)}^A0N,50^FD${line.replace(/[\^~]/g, ' ')}^FS`)
    .join('');
  return {
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: `^XA^CI28${lines}^FO40,300^BCN,160^FD${parcel.trackingNumber}^FS^XZ`,
  };
}

function track({ state, parameter }: DemoCall): DemoAnswer {
  const number = parameter('trackingNumber').replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{9}[A-Z]{2}$/.test(number)) {
    return problem(400, 'tracking_number_malformed', 'A tracking number is two letters, nine digits and two letters.');
  }
  const parcel = state.parcels.find(({ trackingNumber }) => trackingNumber === number);
  if (!parcel) return notFound();
  const { trackingNumber, status, expectedOn } = parcel;
  return { status: 200, body: { trackingNumber, status, expectedOn, events: state.events.get(parcel.id) } };
}

function checkAddress(address: z.infer<typeof forms.address>): DemoAnswer {
  const problems = addressProblems(address);
  return { status: 200, body: { deliverable: problems.length === 0, problems } };
}

function listServices(): DemoAnswer {
  const offers = services.map((service) => {
    const { title, days, maxWeightGrams } = serviceTerms[service];
    return { service, title, days: days[2], maxWeightGrams };
  });
  return { status: 200, body: { services: offers } };
}

function quote({ from, to, weightGrams }: z.infer<typeof forms.quoteRequest>): DemoAnswer {
  const offers = services.flatMap((service) => {
    const terms = offer(service, from, to, weightGrams);
    return terms ? [{ service, ...terms }] : [];
  });
  return { status: 200, body: { offers: offers.sort((a, b) => a.priceCents - b.priceCents) } };
}

function bookPickup(request: z.infer<typeof forms.newPickup>, { state, nowMs }: DemoCall): DemoAnswer {
  const day = new Date(request.day);
  if (day.getTime() <= nowMs || !isWorkingDay(day)) {
    return unprocessable([{ pointer: '/day', detail: 'Must be a Monday to Friday from tomorrow on.' }]);
  }
  const mistakes = addressMistakes('/address', request.address);
  if (mistakes.length > 0) return unprocessable(mistakes);
  const same = state.pickups.find((pickup) => pickup.day === request.day && pickup.window === request.window);
  if (same) return problem(409, 'pickup_exists', `Pickup ${same.id} is booked for that time already.`);
  if (state.pickups.length >= MOST.pickups) return tooMany('pickups', MOST.pickups);
  state.serial += 1;
  const pickup = { id: `pck_${String(state.serial)}`, ...request };
  state.pickups.push(pickup);
  return { status: 201, body: pickup, location: `/pickups/${pickup.id}` };
}

function getPickup({ state, parameter }: DemoCall): DemoAnswer {
  const pickup = state.pickups.find(({ id }) => id === parameter('pickupId'));
  return pickup ? { status: 200, body: pickup } : notFound();
}

function addWebhook(request: z.infer<typeof forms.newWebhook>, { state, nowMs }: DemoCall): DemoAnswer {
  const same = state.webhooks.find(({ url }) => url === request.url);
  if (same) return problem(409, 'webhook_exists', `Webhook ${same.id} has this address already.`);
  if (state.webhooks.length >= MOST.webhooks) return tooMany('webhooks', MOST.webhooks);
  state.serial += 1;
  const webhook = { id: `whk_${String(state.serial)}`, ...request, createdAt: new Date(nowMs).toISOString() };
  state.webhooks.push(webhook);
  return { status: 201, body: webhook, location: `/webhooks/${webhook.id}` };
}

function remove(list: { id: string }[], id: string): DemoAnswer {
  const index = list.findIndex((one) => one.id === id);
  if (index === -1) return notFound();
  list.splice(index, 1);
  return { status: 204 };
}

function addressMistakes(pointer: string, address: z.infer<typeof forms.address>): BodyMistake[] {
  return addressProblems(address).map(({ field, detail }) => ({ pointer: `${pointer}/${field}`, detail }));
}

function handedOver(parcel: Parcel): DemoAnswer {
  return problem(
    409,
    'parcel_handed_over',
    `Parcel ${parcel.id} is ${parcel.status}; only a created parcel can be changed.`,
  );
}

function tooHeavy(service: keyof typeof serviceTerms): DemoAnswer {
  const detail = `${serviceTerms[service].title} carries ${serviceTerms[service].maxWeightGrams} grams at most.`;
  return unprocessable([{ pointer: '/weightGrams', detail }]);
}

function tooMany(what: string, most: number): DemoAnswer {
  return problem(409, 'too_many', `This demonstration keeps ${most} ${what} of one application at most.`);
}
