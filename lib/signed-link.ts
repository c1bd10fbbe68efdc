import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a signed link carries in its query. */
export type LinkProof = { readonly expires: string; readonly signature: string }
export type LinkCheck = 'valid' | 'expired' | 'forged'

export type Links = {
  /** The path with a proof in its query that opens it until then, to the second. The path has no query of its own. */
  sign(path: string, expiresAt: Date): string
  /** Whether a proof opens this path. Whoever forged it learns nothing from how long the answer takes. */
  check(path: string, proof: LinkProof, now?: Date): LinkCheck
}

/**
 * Links that open one path for a while and for whoever has them: HMAC-SHA-256 over the path and its end. The first
 * secret signs and all of them open, so that a secret is replaced by putting the new one in front and taking the old
 * one away once its links have run out. A secret has at least 32 characters.
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
      // One spelling each, so that a link is what was given out or it is nothing.
      if (!/^[1-9]\d{0,11}$/.test(expires) || !/^[\w-]{43}$/.test(signature)) return 'forged'
      const given = Buffer.from(signature, 'base64url')
      if (given.toString('base64url') !== signature) return 'forged'
      const opened = secrets.map((secret) => timingSafeEqual(signatureOf(secret, path, expires), given))
      if (!opened.includes(true)) return 'forged'
      return Number(expires) * 1000 > now.getTime() ? 'valid' : 'expired'
    },
  }
}

/** Gives links that work from anywhere, and until when. */
export type LinkTo = (path: string) => { readonly url: string; readonly until: Date }

/** `publicUrl` ends without `/`. */
export const makeLinkTo =
  (deps: { links: Links; publicUrl: string; hours: number }): LinkTo =>
  (path) => {
    const until = new Date(Date.now() + deps.hours * 3_600_000)
    return { url: deps.publicUrl + deps.links.sign(path, until), until }
  }
