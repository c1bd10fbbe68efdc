import { createHmac, timingSafeEqual } from 'node:crypto'

/** Query parameters of a signed link. */
export type LinkProof = { readonly expires: string; readonly signature: string }
export type LinkCheck = 'valid' | 'expired' | 'forged'

export type Links = {
  /** Signs a path (without a query) until the given time, to the second. */
  sign(path: string, expiresAt: Date): string
  /** Verifies the signature of a path in constant time. */
  check(path: string, proof: LinkProof, now?: Date): LinkCheck
}

/**
 * Expiring bearer links for a single path: HMAC-SHA-256 over path and expiry. The first secret signs, all of them verify:
 * to rotate, prepend a new secret and remove the old one once its links have expired. Secrets have at least 32 characters.
 */
export function makeLinks(secrets: readonly [string, ...string[]]): Links {
  const signatureOf = (secret: string, path: string, expires: string) =>
    createHmac('sha256', secret).update(`link\n${path}\n${expires}`).digest()

  return {
    sign(path, expiresAt) {
      const expires = String(Math.floor(expiresAt.getTime() / 1000))
      const signature = signatureOf(secrets[0], path, expires).toString('base64url')
      return `${path}?expires=${expires}&signature=${signature}`
    },
    check(path, { expires, signature }, now = new Date()) {
      // Only the canonical form is accepted.
      if (!/^[1-9]\d{0,11}$/.test(expires) || !/^[\w-]{43}$/.test(signature)) return 'forged'
      const given = Buffer.from(signature, 'base64url')
      if (given.toString('base64url') !== signature) return 'forged'
      const opened = secrets.map((secret) => timingSafeEqual(signatureOf(secret, path, expires), given))
      if (!opened.includes(true)) return 'forged'
      return Number(expires) * 1000 > now.getTime() ? 'valid' : 'expired'
    },
  }
}

/** Creates absolute links with their expiry. */
export type LinkTo = (path: string) => { readonly url: string; readonly until: Date }

/** `publicUrl` ends without `/`. */
export const makeLinkTo =
  (deps: { links: Links; publicUrl: string; hours: number }): LinkTo =>
  (path) => {
    const until = new Date(Date.now() + deps.hours * 3_600_000)
    return { url: deps.publicUrl + deps.links.sign(path, until), until }
  }
