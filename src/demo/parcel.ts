/** What the demonstration's parcel carrier knows. Weights are grams, lengths millimetres, money cents of a euro. */
export interface Parcel {
  id: string;
  trackingNumber: string;
  reference: string | null;
  status: ParcelStatus;
  service: Service;
  weightGrams: number;
  size: { lengthMm: number; widthMm: number; heightMm: number };
  sender: Address;
  recipient: Address;
  deliveryNote: string | null;
  priceCents: number;
  createdAt: string;
  expectedOn: string | null;
}

export const parcelStatuses = [
  'created',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'returned',
  'cancelled',
] as const;
export type ParcelStatus = (typeof parcelStatuses)[number];

export const services = ['economy', 'standard', 'express'] as const;
export type Service = (typeof services)[number];

export interface Address {
  name: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
}

export interface ParcelEvent {
  at: string;
  status: ParcelStatus;
  place: string | null;
  text: string;
}

export const MAX_WEIGHT_GRAMS = 31_500;

interface ServiceTerms {
  title: string;
  baseCents: number;
  centsPerKilogram: number;
  maxWeightGrams: number;
  /** Working days by zone. */
  days: readonly [number, number, number];
}

export const serviceTerms: Readonly<Record<Service, ServiceTerms>> = {
  economy: { title: 'Economy', baseCents: 690, centsPerKilogram: 90, maxWeightGrams: 10_000, days: [3, 6, 8] },
  standard: {
    title: 'Standard',
    baseCents: 990,
    centsPerKilogram: 120,
    maxWeightGrams: MAX_WEIGHT_GRAMS,
    days: [2, 4, 5],
  },
  express: { title: 'Express', baseCents: 2290, centsPerKilogram: 260, maxWeightGrams: 20_000, days: [1, 2, 2] },
};

/** Where we deliver: zone (0 near, 2 far) and the form of a postal code. */
const countries: Readonly<Record<string, { zone: 0 | 1 | 2; postalCode: RegExp; example: string }>> = {
  DE: { zone: 1, postalCode: /^\d{5}$/, example: '10115' },
  DK: { zone: 0, postalCode: /^\d{4}$/, example: '2100' },
  ES: { zone: 2, postalCode: /^\d{5}$/, example: '28013' },
  FI: { zone: 0, postalCode: /^\d{5}$/, example: '00100' },
  FR: { zone: 1, postalCode: /^\d{5}$/, example: '75011' },
  IT: { zone: 2, postalCode: /^\d{5}$/, example: '10124' },
  NL: { zone: 1, postalCode: /^\d{4} ?[A-Z]{2}$/, example: '1017 AB' },
  NO: { zone: 0, postalCode: /^\d{4}$/, example: '5013' },
  PT: { zone: 2, postalCode: /^\d{4}-\d{3}$/, example: '1200-385' },
  SE: { zone: 0, postalCode: /^\d{3} ?\d{2}$/, example: '413 01' },
};

/** Working days and price; null when the service cannot carry it. */
export function offer(
  service: Service,
  from: string,
  to: string,
  weightGrams: number,
): { priceCents: number; days: number } | null {
  const terms = serviceTerms[service];
  const zones = [countries[from]?.zone, countries[to]?.zone].filter((zone) => zone !== undefined);
  if (zones.length < 2 || weightGrams > terms.maxWeightGrams) return null;
  const zone = Math.max(...zones) as 0 | 1 | 2;
  const weightCents = Math.ceil(weightGrams / 1000) * terms.centsPerKilogram;
  return { priceCents: Math.round((terms.baseCents + weightCents) * (1 + zone / 4)), days: terms.days[zone] };
}

/** Empty when we deliver there. */
export function addressProblems(address: Address): { field: keyof Address; detail: string }[] {
  const country = countries[address.country];
  if (!country) {
    const list = Object.keys(countries).join(', ');
    return [{ field: 'country', detail: `We do not deliver to ${address.country}; we do to ${list}.` }];
  }
  if (country.postalCode.test(address.postalCode)) return [];
  return [
    { field: 'postalCode', detail: `Not a postal code of ${address.country}; one looks like ${country.example}.` },
  ];
}

/** Number of the Universal Postal Union, S10: service, eight digits, check digit, country. */
export function trackingNumber(serial: number): string {
  const digits = String(serial).padStart(8, '0');
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits.charAt(index)), 0);
  const check = 11 - (sum % 11);
  return `GH${digits}${String(check === 10 ? 0 : check === 11 ? 5 : check)}NO`;
}

/** Day of delivery, Monday to Friday; `2026-11-24`. */
export function deliveryDay(fromMs: number, workingDays: number): string {
  const day = new Date(fromMs);
  for (let left = workingDays; left > 0;) {
    day.setUTCDate(day.getUTCDate() + 1);
    if (isWorkingDay(day)) left -= 1;
  }
  return day.toISOString().slice(0, 10);
}

export function isWorkingDay(day: Date): boolean {
  return day.getUTCDay() >= 1 && day.getUTCDay() <= 5;
}
