/** Features, not entities: reported instead of made into tables. */
export const FEATURES = new Set(
  `delete websocket notification report analytics dashboard search export import email webhook upload real-time realtime caching cache panel
  integration statistic stat reminder recommendation chart ui frontend interface websocket streaming stream scheduling cron queue
  encryption backup monitoring metric alert newsletter push checkout shipping refund csv pdf excel scraping ai ml machine
  learning chatbot map geolocation translation i18n localization multilingual theme mode permission role-based rbac access audit
  history versioning undo redirect redirection shortening download file attachment image-upload sync offline sharing responsive
  functionality integration automation workflow summary preview printing barcode-scanning payment-processing payments stripe paypal
  reporting searching uploading messaging-queue filter filters sorting logging security performance scalability tracking`.split(
    /\s+/,
  ),
)
