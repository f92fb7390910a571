import {
  type Address,
  type Parcel,
  type ParcelEvent,
  type ParcelStatus,
  type Service,
  deliveryDay,
  offer,
  trackingNumber,
} from './parcel.ts';

/** Everything one application sees; in memory. */
export interface ParcelState {
  /** Oldest first. */
  parcels: Parcel[];
  events: Map<string, ParcelEvent[]>;
  pickups: Pickup[];
  webhooks: Webhook[];
  /** For ids and tracking numbers. */
  serial: number;
}

export interface Pickup {
  id: string;
  day: string;
  window: 'morning' | 'afternoon';
  parcelCount: number;
  address: Address;
}

export interface Webhook {
  id: string;
  url: string;
  events: readonly ParcelStatus[];
  createdAt: string;
}

export interface NewParcel {
  reference: string | null;
  service: Service;
  weightGrams: number;
  size: Parcel['size'];
  sender: Address;
  recipient: Address;
  deliveryNote: string | null;
}

/** Adds a parcel that someone ordered at `nowMs`; null when the service cannot carry it. */
export function addParcel(state: ParcelState, request: NewParcel, nowMs: number): Parcel | null {
  const terms = offer(request.service, request.sender.country, request.recipient.country, request.weightGrams);
  if (!terms) return null;
  state.serial += 1;
  const parcel: Parcel = {
    id: `pcl_${String(state.serial)}`,
    trackingNumber: trackingNumber(10_000_000 + state.serial),
    reference: request.reference,
    status: 'created',
    service: request.service,
    weightGrams: request.weightGrams,
    size: request.size,
    sender: request.sender,
    recipient: request.recipient,
    deliveryNote: request.deliveryNote,
    priceCents: terms.priceCents,
    createdAt: new Date(nowMs).toISOString(),
    expectedOn: deliveryDay(nowMs, terms.days),
  };
  state.parcels.push(parcel);
  state.events.set(parcel.id, []);
  record(state, parcel, 'created', null, 'The label was made.', nowMs);
  return parcel;
}

/** Moves a parcel on and notes it. */
export function record(
  state: ParcelState,
  parcel: Parcel,
  status: ParcelStatus,
  place: string | null,
  text: string,
  nowMs: number,
): void {
  parcel.status = status;
  if (['delivered', 'returned', 'cancelled'].includes(status)) parcel.expectedOn = null;
  state.events.get(parcel.id)?.push({ at: new Date(nowMs).toISOString(), status, place, text });
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SAMPLES_START_MS = Date.UTC(2026, 10, 9, 8, 30);

export const FJORD_AND_FERN: Address = {
  name: 'Fjord & Fern',
  street: 'Strandgaten 18',
  postalCode: '5013',
  city: 'Bergen',
  country: 'NO',
};

type Step = readonly [afterDays: number, status: ParcelStatus, place: string | null, text: string];

const handedOver: Step = [0.3, 'in_transit', 'Bergen, NO', 'Handed over at the counter.'];

/** The cast: customers of a tea shop in Bergen, one for each thing that can happen to a parcel. */
const samples: readonly { order: NewParcel; steps: readonly Step[] }[] = [
  {
    order: tea('order-2037', 'standard', 1200, {
      name: 'Ada Lindqvist',
      street: 'Linnégatan 4',
      postalCode: '413 04',
      city: 'Göteborg',
      country: 'SE',
    }),
    steps: [
      handedOver,
      [1.1, 'out_for_delivery', 'Göteborg, SE', 'In the van.'],
      [1.4, 'delivered', 'Göteborg, SE', 'Signed for by A. Lindqvist.'],
    ],
  },
  {
    order: tea('order-2038', 'economy', 640, {
      name: 'Bruno Carvalho',
      street: 'Rua das Flores 12',
      postalCode: '4050-262',
      city: 'Porto',
      country: 'PT',
    }),
    steps: [handedOver, [4.2, 'in_transit', 'Irún, ES', 'Sorted.']],
  },
  {
    order: tea('order-2039', 'express', 2300, {
      name: 'Chiara Rossi',
      street: 'Via Po 3',
      postalCode: '10124',
      city: 'Torino',
      country: 'IT',
    }),
    steps: [handedOver, [1.9, 'out_for_delivery', 'Torino, IT', 'In the van.']],
  },
  {
    order: tea('order-2040', 'standard', 900, {
      name: 'Dirk Janssen',
      street: 'Prinsengracht 301',
      postalCode: '1016 GX',
      city: 'Amsterdam',
      country: 'NL',
    }),
    steps: [
      handedOver,
      [3.2, 'in_transit', 'Amsterdam, NL', 'Nobody opened.'],
      [9.5, 'returned', 'Bergen, NO', 'Back at the sender.'],
    ],
  },
  {
    order: tea(null, 'standard', 4800, {
      name: 'Elif Aydın',
      street: 'Kottbusser Damm 70',
      postalCode: '10967',
      city: 'Berlin',
      country: 'DE',
    }),
    steps: [],
  },
  {
    order: tea('order-2036', 'economy', 500, {
      name: 'Frida Holm',
      street: 'Nansensgade 9',
      postalCode: '1366',
      city: 'København',
      country: 'DK',
    }),
    steps: [[0.5, 'cancelled', null, 'Cancelled by the sender.']],
  },
];

function tea(reference: string | null, service: Service, weightGrams: number, recipient: Address): NewParcel {
  const size = { lengthMm: 240, widthMm: 180, heightMm: 120 };
  return { reference, service, weightGrams, size, sender: FJORD_AND_FERN, recipient, deliveryNote: null };
}

/** What every new application starts with: always the same. */
export function createSampleState(): ParcelState {
  const state: ParcelState = { parcels: [], events: new Map(), pickups: [], webhooks: [], serial: 0 };
  for (const [index, { order, steps }] of samples.entries()) {
    const orderedAtMs = SAMPLES_START_MS + index * DAY_MS;
    const parcel = addParcel(state, order, orderedAtMs);
    for (const [afterDays, status, place, text] of parcel ? steps : []) {
      if (parcel) record(state, parcel, status, place, text, orderedAtMs + afterDays * DAY_MS);
    }
  }
  state.pickups.push({ id: 'pck_1', day: '2029-12-03', window: 'morning', parcelCount: 6, address: FJORD_AND_FERN });
  const createdAt = new Date(SAMPLES_START_MS).toISOString();
  state.webhooks.push({ id: 'whk_1', url: 'https://shop.example.com/hooks/tracking', events: ['returned'], createdAt });
  return state;
}
