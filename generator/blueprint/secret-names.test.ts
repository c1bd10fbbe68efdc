import { describe, expect, it } from 'vitest'
import { canBeSecret, looksLikeSecret } from './secret-names.ts'

const list = (text: string): string[] => text.trim().split(/\s+/)

describe('a credential', () => {
  it.each(
    list(`password passwd pwd pass userPass user_pass db_pass pass_crypt pass_salt passwordHash password_digest
      encrypted_password crypted_password hashedPassword passphrase passcode post_password password_hint secret
      client_secret clientSecret otp_secret secrets token access_token accessToken refresh_token previous_refresh_token
      accesstoken api_token token_hash reset_password_token remember_token confirmation_token session_tokens api_key
      apiKey apikey ApiKey activation_key user_activation_key access_key private_key consumer_key otp totp cvv
      recovery_codes backup_codes verification_code reset_code session session_id sessionId PHPSESSID session_data
      credentials auth_hash pin jwt 2fa_secret`),
  )('is known by its name: %s', (name) => {
    expect(looksLikeSecret(name)).toBe(true)
  })

  it.each([
    ['salt', 'User', ['pass_crypt']],
    ['value', 'OauthToken', []],
    ['key', 'api_keys', []],
    ['code', 'recovery_codes', []],
    ['hash', 'password_resets', []],
    ['data', 'sessions', []],
  ])('is known by what is around it: %s of %s', (name, entity, siblings) => {
    expect(looksLikeSecret(name, { entity, siblings })).toBe(true)
  })

  it.each(
    list(`secretary secretary_name basalt salt salt_grams token_count tokenCount tokens_used token_type password_changed_at
      passwordUpdatedAt passport passport_number passenger compass bypass boarding_pass ski_pass pass_rate secret_santa_date
      api_key_name key keyboard monkey hockey license_key primary_key sort_key keywords code postal_code zip_code country_code
      promo_code confirmation_code hash file_hash content_hash checksum author authority session_count session_name
      session_title hotpot opinion is_password_required has_password description value data pinned_at shipping`),
  )('is not meant by %s', (name) => {
    expect(looksLikeSecret(name)).toBe(false)
  })

  it.each([
    ['key', 'Song', []],
    ['value', 'Setting', []],
    ['data', 'conference_sessions', []],
    ['salt', 'Recipe', ['pepper', 'sugar']],
    ['code', 'Country', []],
  ])('is not meant by %s of %s', (name, entity, siblings) => {
    expect(looksLikeSecret(name, { entity, siblings })).toBe(false)
  })

  it('is text, or a number where codes are', () => {
    expect(canBeSecret({ kind: 'string' }, 'token')).toBe(true)
    expect(canBeSecret({ kind: 'boolean' }, 'pass')).toBe(false)
    expect(canBeSecret({ kind: 'integer' }, 'session_id')).toBe(false)
    expect(canBeSecret({ kind: 'integer' }, 'otp')).toBe(true)
    expect(canBeSecret({ kind: 'datetime' }, 'otp')).toBe(false)
  })
})
