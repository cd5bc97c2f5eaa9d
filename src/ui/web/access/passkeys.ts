// Passkeys: the browser wants bytes where JSON has base64url.
import type { Question } from '../api/types.ts';
import { t } from '../i18n/i18n.svelte.ts';

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
const credentials = (list: { id: string }[] = []): PublicKeyCredentialDescriptor[] => list.map((one) => ({ type: 'public-key', id: bytes(one.id) }));

// The person cancelled, or the device has none: a sentence in place of the browser's name for it.
async function asked<T>(work: Promise<T | null>): Promise<T> {
  let done: T | null = null;
  try {
    done = await work;
  } catch (failure) {
    if (!(failure instanceof DOMException)) throw failure;
  }
  if (done === null) throw new Error(t('passkey.none'));
  return done;
}

export interface PasskeyAnswer { id: string; client_data: string; authenticator_data: string; signature: string }
export async function answerOf(question: Question | null): Promise<PasskeyAnswer> {
  if (question === null) throw new Error(t('passkey.none'));
  const given = (await asked(navigator.credentials.get({
    publicKey: {
      challenge: bytes(question.challenge), timeout: question.timeout, userVerification: question.userVerification as UserVerificationRequirement,
      allowCredentials: credentials(question.allowCredentials), ...(question.rpId && { rpId: question.rpId }),
    },
  }))) as PublicKeyCredential;
  const answer = given.response as AuthenticatorAssertionResponse;
  return { id: text(given.rawId), client_data: text(answer.clientDataJSON), authenticator_data: text(answer.authenticatorData), signature: text(answer.signature) };
}
export async function newPasskey(question: Question): Promise<{ client_data: string; attestation: string }> {
  const { rp, user, pubKeyCredParams, authenticatorSelection } = question;
  if (!rp || !user || !pubKeyCredParams) throw new Error(t('passkey.none'));
  const made = (await asked(navigator.credentials.create({
    publicKey: {
      challenge: bytes(question.challenge), timeout: question.timeout, rp, pubKeyCredParams, attestation: 'none', user: { ...user, id: bytes(user.id) },
      excludeCredentials: credentials(question.excludeCredentials), authenticatorSelection: authenticatorSelection as AuthenticatorSelectionCriteria,
    },
  }))) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  return { client_data: text(answer.clientDataJSON), attestation: text(answer.attestationObject) };
}
