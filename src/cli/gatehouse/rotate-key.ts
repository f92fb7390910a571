import { type Work, isGiven, textOption } from './command.ts';
import { type Check, checkKey, checkOptions, readCheck } from './check-key.ts';
import {
  type Destination,
  deliverSecret,
  destinationOptions,
  keyVariables,
  readDestination,
} from './deliver-secret.ts';
import { DURATION_HINT, parseDuration } from './duration.ts';
import { findNewestKey, keyPath } from './find-key.ts';
import { obtainOnce } from './obtain-once.ts';
import { type Outcome, type Report, done, failure, wrongUse } from './outcome.ts';
import type { KeyRecord, RotatedRecord } from './records.ts';
import { timeCell } from './table.ts';
import { warnOfExpiry } from './token-expiry.ts';

const DEFAULT_OVERLAP = '24h';

export const rotateOptions = [
  ['-a, --application <application>', 'the application, by id or name'],
  ['--overlap <duration>', `how long the old key goes on working, ${DEFAULT_OVERLAP} unless you say otherwise`],
  ['--older-than <duration>', 'do nothing while the key is younger than this'],
  ...destinationOptions('key'),
  ...checkOptions,
  ['--end-old', 'end the old key when the check call has succeeded'],
] as const;

interface Request {
  key: string;
  application: string | undefined;
  overlapSeconds: number;
  olderThanSeconds: number;
  destination: Destination;
  check: Check | null;
  endsOld: boolean;
}

/** Rotates the newest of a line of keys, hands the new one over, tries it, and ends the old one. */
export async function rotateKey(work: Work): Promise<Outcome<Report>> {
  const read = readRequest(work);
  if (!read.ok) return read;
  const request = read.value;
  const young: KeyRecord[] = [];
  const subject = ['rotate', request.application ?? '', request.key];
  const obtained = await obtainOnce<RotatedRecord>(work, subject, async (isLost) => {
    const found = await findNewestKey(work.api, request);
    if (!found.ok) return found;
    const ageMs = work.terminal.nowMs() - Date.parse(found.value.createdAt);
    // A key that never arrived is replaced however young it is: what is in use is the one before, and that one ends soon.
    if (!isLost && ageMs < request.olderThanSeconds * 1000) {
      young.push(found.value);
      return failure('failed', 'too_young', 'The key is younger than that.');
    }
    return done({ path: `${keyPath(found.value)}/rotation`, body: { overlapSeconds: request.overlapSeconds } });
  });
  if (young[0] || obtained.ok) await warnOfExpiry(work);
  if (young[0]) return done(nothingToDo(young[0]));
  if (!obtained.ok) return obtained;
  const { answer, isRepeated, finish } = obtained.value;
  const delivered = await deliverSecret(work, request.destination, answer.token, keyVariables(answer.key));
  if (!delivered.ok) return delivered;
  if (request.check) {
    const checked = await checkKey(work, request.check, answer.token);
    if (!checked.ok) return checked;
  }
  const oldKeyEnded = request.endsOld ? await endOldKey(work, answer) : done(false);
  if (!oldKeyEnded.ok) return oldKeyEnded;
  return done({ ...report(request, answer, { isRepeated, oldKeyEnded: oldKeyEnded.value }), settle: finish });
}

function readRequest(work: Work): Outcome<Request> {
  const overlapSeconds = parseDuration(textOption(work, 'overlap') ?? DEFAULT_OVERLAP);
  const olderThanSeconds = parseDuration(textOption(work, 'olderThan') ?? '0s');
  if (overlapSeconds === null) return wrongUse(`--overlap is ${DURATION_HINT}.`);
  if (olderThanSeconds === null) return wrongUse(`--older-than is ${DURATION_HINT}.`);
  const destination = readDestination(work);
  if (!destination.ok) return destination;
  const check = readCheck(work);
  if (!check.ok) return check;
  const endsOld = isGiven(work, 'endOld');
  if (endsOld && !check.value)
    return wrongUse('--end-old needs --check-url: the old key ends when the new one is proved.');
  if (check.value && destination.value.to === 'stdout') {
    return wrongUse('--check-url needs --exec or --file: with --stdout the key is handed over last.');
  }
  const [key = ''] = work.words;
  const application = textOption(work, 'application');
  const values = { destination: destination.value, check: check.value, endsOld };
  return done({ key, application, overlapSeconds, olderThanSeconds, ...values });
}

/** True when the old key had ended by itself as well. */
async function endOldKey({ api }: Work, { key, replacedKeyId }: RotatedRecord): Promise<Outcome<boolean>> {
  const path = `${keyPath({ applicationId: key.applicationId, id: replacedKeyId })}/overlap`;
  const ended = await api.call('PUT', path, { body: { overlapSeconds: 0 } });
  if (ended.ok || ended.code === 'not_in_overlap') return done(true);
  const message = `The new key works, but the old one could not be ended (${ended.message}) It ends by itself when its overlap does. To end it now: gatehouse keys end-overlap ${replacedKeyId}`;
  return failure('oldKeyRemains', ended.code, message);
}

function nothingToDo(key: KeyRecord): Report {
  const text = `Nothing to do: ${key.name} (${key.id}) is of ${timeCell(key.createdAt)} UTC.\n`;
  return { data: { rotated: false, key }, text };
}

function report(
  { destination }: Request,
  { key, token, replacedKeyId, oldKeyEndsAt }: RotatedRecord,
  { isRepeated, oldKeyEnded }: { isRepeated: boolean; oldKeyEnded: boolean },
): Report {
  const end = oldKeyEnded ? 'has ended' : `works until ${timeCell(oldKeyEndsAt)} UTC`;
  const again = isRepeated ? ' (begun by an earlier run)' : '';
  const text = `Rotated ${key.name}${again}: the new key is ${key.id}; the old one, ${replacedKeyId}, ${end}.\n`;
  const data = { rotated: true, repeated: isRepeated, key, replacedKeyId, oldKeyEndsAt, oldKeyEnded };
  return { data, text, ...(destination.to === 'stdout' && { secret: token }) };
}
