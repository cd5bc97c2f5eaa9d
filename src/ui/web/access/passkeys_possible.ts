// Apart from passkeys.ts, which is loaded when somebody uses one.
export const passkeysPossible = (): boolean => 'PublicKeyCredential' in window && window.isSecureContext;
