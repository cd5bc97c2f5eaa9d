// What the answers look like, in the notation of gate/shape.h, for the OpenAPI document. A story compares them with
// what the running executable answers (tests/app/openapi_test.mjs), so they cannot drift.
#pragma once

namespace pf::api::shapes {

inline constexpr char kStatus[] = R"({"status":"text"})";
inline constexpr char kReady[] = R"({"status":"text","vault":"text"})";
inline constexpr char kAccount[] = R"({"id":"text","email":"text"})";
inline constexpr char kSetUp[] = R"({"needed":"bool","signed_in":"bool"})";
inline constexpr char kSession[] =
    R"({"user":{"id":"text","email":"text","name":"text","role":"text"},"csrf":"text","permissions":["text"],
        "limits":{"channels":["text"],"categories":["text"],"locales":["text"],"personal":["text"]},
        "must_enrol":"bool","must_change_password":"bool",
        "notices":[{"at":"time","address":"text","agent":"text"}],"now":"time","idle_expires_at":"time",
        "expires_at":"time"})";
// 201 with a session, or 202 with a ticket: the second factor comes next.
inline constexpr char kSignIn[] =
    R"({"user?":{"id":"text","email":"text","name":"text","role":"text"},"csrf?":"text","permissions?":["text"],
        "limits?":{"channels":["text"],"categories":["text"],"locales":["text"],"personal":["text"]},
        "must_enrol?":"bool","must_change_password?":"bool",
        "notices?":[{"at":"time","address":"text","agent":"text"}],"now?":"time","idle_expires_at?":"time",
        "expires_at?":"time","ticket?":"text","factors?":["text"],"question?":"any"})";
inline constexpr char kQuestion[] = R"({"ticket":"text","question":"any"})";
inline constexpr char kTotp[] = R"({"secret":"text","uri":"text"})";
inline constexpr char kRecoveryCodes[] = R"({"recovery_codes":["text"]})";
inline constexpr char kDevice[] =
    R"({"id":"text","address":"text","agent":"text","factors":"text","current":"bool","started_at":"time",
        "seen_at":"time","ends_at":"time"})";
inline constexpr char kPerson[] =
    R"({"id":"text","email":"text","name":"text","role":"text","state":"text","created_at":"time",
        "limits":{"channels":["text"],"categories":["text"],"locales":["text"],"personal":["text"]},
        "invited_until":"time?","last_sign_in_at":"time?","password_at":"time?","totp":"bool","recovery_codes":"count",
        "passkeys":[{"id":"text","name":"text","site":"text","alone":"bool","created_at":"time",
                     "last_used_at":"time?"}]})";
inline constexpr char kSignedReview[] =
    R"({"at":"time?","by":"text?","people":"count","stopped":"count","programs":"count","removed":"count",
        "note":"text?","text":"text","signature":"text","whole":"bool"})";
inline constexpr char kAccessReview[] =
    R"({"due_at":"time","overdue":"bool","key":"text",
        "people":[{"id":"text","email":"text","name":"text","role":"text","state":"text","last_sign_in_at":"time?",
                   "limits":{"channels":["text"],"categories":["text"],"locales":["text"],"personal":["text"]},
                   "hints":["text"]}],
        "programs":[{"id":"text","name":"text","scopes":["text"],"user":"text","kind":"text","last_used_at":"time?",
                     "expires_at":"time?","hints":["text"]}],
        "past":[{"at":"time?","by":"text?","people":"count","stopped":"count","programs":"count","removed":"count",
                 "note":"text?","text":"text","signature":"text","whole":"bool"}]})";
inline constexpr char kInvited[] =
    R"({"id":"text","email":"text","name":"text","role":"text","state":"text","created_at":"time",
        "limits":{"channels":["text"],"categories":["text"],"locales":["text"],"personal":["text"]},
        "invited_until":"time?","last_sign_in_at":"time?","password_at":"time?","totp":"bool","recovery_codes":"count",
        "passkeys":[{"id":"text","name":"text","site":"text","alone":"bool","created_at":"time",
                     "last_used_at":"time?"}],"code":"text"})";
inline constexpr char kRole[] =
    R"({"name":"text","title":"text","permissions":["text"],"second_factor":"bool","built_in":"bool",
        "limits":{"channels":["text"],"categories":["text"],"locales":["text"],"personal":["text"]}})";
inline constexpr char kPolicy[] = R"({"passwords":"text","second_factor_for_all":"bool"})";
inline constexpr char kToken[] =
    R"({"id":"text","name":"text","scopes":["text"],"created_at":"time","expires_at":"time?","last_used_at":"time?",
        "last_address":"text","user":"text","ranges":["text"],"kind":"text"})";
inline constexpr char kNewToken[] =
    R"({"id":"text","name":"text","scopes":["text"],"created_at":"time","expires_at":"time?","last_used_at":"time?",
        "last_address":"text","user":"text","ranges":["text"],"kind":"text","token":"text"})";
inline constexpr char kNewClient[] =
    R"({"id":"text","name":"text","scopes":["text"],"created_at":"time","expires_at":"time?","last_used_at":"time?",
        "last_address":"text","user":"text","ranges":["text"],"kind":"text","certificate":"text","key":"text",
        "authority":"text","pkcs12":"text"})";
inline constexpr char kSettings[] =
    R"({"shop_name":"text","company_number":"text","currency":"text","time_zone":"text"})";

inline constexpr char kBulkLine[] =
    R"({"line":"count","sku":"text?","status":"text","errors?":[{"field":"text","code":"text","message":"text"}]})";
inline constexpr char kHistoryEntry[] =
    R"({"version":"count","at":"time","action":"text","by":"text","source":"text","source_id":"text?","row":"count?",
        "proposed_by?":"text","from_version":"count?","offer":"bool",
        "changes":[{"field":"text","locale":"text?","before":"any","after":"any","rule?":{"id":"text","name":"text"}}]})";
inline constexpr char kDifference[] =
    R"({"from":"count","to":"count",
        "changes":[{"field":"text","locale":"text?","before":"any","after":"any","rule?":{"id":"text","name":"text"}}]})";
inline constexpr char kLanguage[] = R"({"locale":"text","default":"bool","fallback?":"text"})";
inline constexpr char kCategory[] =
    R"({"path":"text","name":"text","parent":"text?","products":"count","described?":"bool",
        "labels?":{"*":"text"},"position?":"count"})";
inline constexpr char kMoved[] =
    R"({"path":"text","before":[{"path":"text","parent":"text?","top":"bool","position":"count",
                             "described":"bool"}]})";
inline constexpr char kUnits[] =
    R"({"family":"text","labels":{"*":"text"},"built_in":"bool",
        "units":[{"code":"text","symbol":"text","labels":{"*":"text"},"built_in":"bool"}]})";
inline constexpr char kFamily[] =
    R"({"code":"text","products":"count","described?":"bool","labels?":{"*":"text"},"parent?":"text?",
        "attributes?":"count"})";
inline constexpr char kAssociation[] =
    R"({"type":"text","direction":"text","two_way":"bool","sku":"text","title":"text?","enabled":"bool",
        "quantity":"count?"})";
inline constexpr char kAssociationType[] =
    R"({"code":"text","labels":{"*":"text"},"two_way":"bool","quantified":"bool","parts":"bool","described":"bool"})";
inline constexpr char kReference[] =
    R"({"code":"text","label":"text","labels":{"*":"text"},"values":{"*":"any"},"missing":["text"],"version":"count",
        "created_at":"time","updated_at":"time","products":"count","records":"count"})";
inline constexpr char kReferenceChange[] =
    R"({"at":"time","action":"text","by":{"kind":"text","name":"text"},"version":"count",
        "fields":[{"field":"text","was":"any","is":"any"}]})";
inline constexpr char kAsset[] =
    R"({"id":"text","image":"text","url":"text","content_type":"text","bytes":"count","width":"count","height":"count",
        "thumbnails":{"128":"text","512":"text"},"problem":"text?","created_at":"time"})";
inline constexpr char kListedAsset[] =
    R"({"id":"text","image":"text","url":"text","content_type":"text","bytes":"count","width":"count","height":"count",
        "thumbnails":{"128":"text","512":"text"},"problem":"text?","created_at":"time","products":"count",
        "records":"count"})";
inline constexpr char kAssetUse[] = R"({"products":"count","more":"bool","records":"count","skus":["text"]})";

inline constexpr char kOffer[] =
    R"({"sku":"text","qty_available":"count","qty_on_hand":"count","qty_allocated":"count","kit?":"bool","title":"text?",
        "proposition":"text?","prices":{"*":{"*":"number"}},"updated_at":"time?"})";
inline constexpr char kOfferBody[] =
    R"({"qty_available?":"count?","title?":"text?","proposition?":"text?","prices?":{"*":{"*":"number?"}},
        "seen?":{"qty_available?":"count?","title?":"text?","proposition?":"text?","prices?":{"*":{"*":"number?"}}}})";
inline constexpr char kMarketplaceOffer[] =
    R"({"sku":"text","marketplace":"text","enabled":"bool","qty_available":"count","qty_max":"count?","title":"text?",
        "proposition":"text?","prices":{"*":{"*":"number"}},"updated_at":"time"})";
inline constexpr char kMarketplaceOfferBody[] =
    R"({"marketplace":"text","enabled?":"bool","qty_available?":"count?","title?":"text?","proposition?":"text?",
        "prices?":{"*":{"*":"number?"}}})";
inline constexpr char kStock[] =
    R"({"sku":"text","on_hand":"count","allocated":"count","available":"count","kit":"bool"})";
inline constexpr char kStockLedger[] =
    R"({"sku":"text","on_hand":"count","allocated":"count","available":"count",
        "withheld":"count","kit":"bool","made_of?":[{"sku":"text","title":"text","quantity":"count","available":"count"}],
        "scarcest?":"text","part_of":["text"],
        "locations":[{"code":"text","name":"text","may_ship":"bool","active":"bool","on_hand":"count","allocated":"count","available":"count"}],
        "movements":[{"at":"time","by":"text","reason":"text","on_hand":"count","allocated":"count","location":"text"}]})";
inline constexpr char kLocation[] =
    R"({"code":"text","name":"text","rank":"count","may_ship":"bool","active":"bool","default":"bool",
        "rules":[{"id":"text","name":"text","enabled":"bool"}]})";
inline constexpr char kLocations[] =
    R"([{"code":"text","name":"text","rank":"count","may_ship":"bool","active":"bool","default":"bool",
         "rules":[{"id":"text","name":"text","enabled":"bool"}]}])";
inline constexpr char kTogether[] =
    R"({"looked":"count","open":"count","groups":[{"shipping_method":"text","orders":[{"id":"text","*":"any"}]}]})";
inline constexpr char kShippedTogether[] = R"({"identifier":"text","orders":[{"id":"text","*":"any"}]})";

inline constexpr char kOrderInList[] =
    R"({"id":"text","name":"text","channel":"text","channel_order_id":"text","status":"text","accepted":"bool",
        "paid":"bool","currency_code":"text","total":"number?","shipping_cost":"number?","tax":"number?",
        "amount_paid":"number?","amount_refunded":"number","country_code":"text",
        "placed_at":"time","created_at":"time","updated_at":"time","ship_by":"time?","pieces":"count",
        "pieces_shipped":"count","pieces_ready":"count","pieces_backordered":"count","pieces_returned":"count","fulfilled_by":"text","fulfilment":"text",
        "holds":[{"id":"text","reason":"text","by":"text","at":"time"}],"tags":["text"],
        "attention":[{"kind":"text","order_id":"text?"}]})";
inline constexpr char kOrder[] =
    R"({"id":"text","name":"text","channel":"text","channel_order_id":"text","status":"text","accepted":"bool",
        "paid":"bool","currency_code":"text","total":"number?","shipping_cost":"number?","tax":"number?",
        "amount_paid":"number?","amount_refunded":"number","country_code":"text",
        "placed_at":"time","created_at":"time","updated_at":"time","ship_by":"time?","pieces":"count",
        "pieces_shipped":"count","pieces_ready":"count","pieces_backordered":"count","pieces_returned":"count","fulfilled_by":"text","fulfilment":"text",
        "holds":[{"id":"text","reason":"text","by":"text","at":"time"}],"tags":["text"],
        "attention":[{"kind":"text","order_id":"text?"}],"payment_method":"text","shipping_method":"text",
        "cancel_reason?":"text",
        "lines":[{"parts?":[{"sku":"text","title":"text","ean":"text","quantity":"count","allocated":"count","to_pick":"count",
                             "picked":"count","missing":"count","packed":"count",
                             "promised_at":[{"code":"text","name":"text","quantity":"count"}]}],
                  "line":"count","external_identifier":"text","sku":"text","channel_sku":"text","in_catalogue":"bool","title":"text","quantity":"count",
                  "price":"number?","ordered":"count","cancelled":"count","backordered":"count","allocated":"count",
                  "shipped":"count","picked":"count","missing":"count","packed":"count","later":"count",
                  "promised_at":[{"code":"text","name":"text","quantity":"count"}],
                  "returned":"count","returnable":"count","refunded":"count","amount_refunded":"number"}],
        "amount_balance":"number?","amount_due":"number?","refunded":{"shipping":"number","tax":"number","other":"number"},
        "parcels":[{"identifier":"text","method":"text","track_and_trace":"text","shipped_at":"time","weight_grams":"count?",
                    "length_mm":"count?","width_mm":"count?","height_mm":"count?",
                    "together?":["text"],"lines":[{"line":"count","sku":"text","quantity":"count"}]}],
        "location":"text?","replaces_return":"text?",
        "timeline":[{"number":"count","at":"time","by":"text","kind":"text","details?":"any","for?":"text",
                     "message?":"text?","deleted?":"bool"}],
        "buyer":{"state":"text","purge_at":"time","masked?":{"*":"any"},"locked?":"text"},"purge_at":"time",
        "can":{"accept":"bool","ship":"bool","hold":"bool","edit":"bool","cancel":"bool","return":"bool","refund":"bool","reveal":"bool"}})";
inline constexpr char kRefunds[] =
    R"([{"identifier":"text","reason":"text","return_id":"text?","by":"text","at":"time","currency_code":"text",
         "amount":"number","shipping":"number","tax":"number","other":"number",
         "lines":[{"line":"count","sku":"text","title":"text","quantity":"count","amount":"number"}]}])";
inline constexpr char kInvoice[] =
    R"({"name":"text","kind":"text","year":"count?","number":"count","order_id":"text","channel":"text","channel_order_id":"text",
        "country_code":"text","currency_code":"text","at":"time","date":"text","supplied_at":"time?","by":"text","paid":"bool",
        "amounts_include_vat":"bool","reverse_charge":"bool","of_invoice":"text?","refund":"text?","net":"number","vat":"number","gross":"number",
        "rates":[{"rate":"number","net":"number","vat":"number"}],
        "lines":[{"part":"text","sku":"text","title":"text","quantity":"count","amount":"number","rate":"number"}],
        "seller":{"name":"text","street":"text","zip_code":"text","city":"text","country_code":"text","vat_number":"text",
                  "registration_number":"text","iban":"text","email":"text","phone_number":"text",
                  "small_business_note":"text","footer":"text"}})";
inline constexpr char kInvoices[] =
    R"([{"name":"text","kind":"text","year":"count?","number":"count","order_id":"text","channel":"text","channel_order_id":"text",
        "country_code":"text","currency_code":"text","at":"time","date":"text","supplied_at":"time?","by":"text","paid":"bool",
        "amounts_include_vat":"bool","reverse_charge":"bool","of_invoice":"text?","refund":"text?","net":"number","vat":"number","gross":"number",
        "rates":[{"rate":"number","net":"number","vat":"number"}],
        "lines":[{"part":"text","sku":"text","title":"text","quantity":"count","amount":"number","rate":"number"}],
        "seller":{"name":"text","street":"text","zip_code":"text","city":"text","country_code":"text","vat_number":"text",
                  "registration_number":"text","iban":"text","email":"text","phone_number":"text",
                  "small_business_note":"text","footer":"text"}}])";
inline constexpr char kCustomsSettings[] =
    R"({"eori":"text","incoterm":"text","reason":"text","hs_code_attribute":"text","origin_attribute":"text",
        "weight_attribute":"text","weight_unit":"text","origin":"text"})";
inline constexpr char kArchive[] =
    R"({"enabled":"bool","years":"count","country_code":"text","years_of_country":"count",
        "kept":[{"gone_at":"text","documents":"count","bytes":"count","readable":"bool"}],
        "laws":[{"country_code":"text","years":"count","law":"text"}]})";
inline constexpr char kInvoiceSettings[] =
    R"({"seller":{"name":"text","street":"text","zip_code":"text","city":"text","country_code":"text","vat_number":"text",
                  "registration_number":"text","iban":"text","email":"text","phone_number":"text",
                  "small_business_note":"text","footer":"text"},
        "prices_include_vat":"bool","vat_rate":"number?","country_rates":[{"country_code":"text","rate":"number"}],
        "invoice_prefix":"text","credit_note_prefix":"text","year_in_number":"bool"})";
inline constexpr char kReturnInList[] =
    R"({"id":"text","order_id":"text","channel":"text","channel_order_id":"text","reference":"text","reason":"text",
        "status":"text","by":"text","created_at":"time","updated_at":"time","pieces":"count","pieces_received":"count",
        "pieces_restocked":"count"})";
inline constexpr char kReturnsOfOrder[] =
    R"([{"id":"text","order_id":"text","channel":"text","channel_order_id":"text","reference":"text","reason":"text",
        "status":"text","by":"text","created_at":"time","updated_at":"time","pieces":"count","pieces_received":"count",
        "pieces_restocked":"count"}])";
inline constexpr char kReturn[] =
    R"({"id":"text","order_id":"text","channel":"text","channel_order_id":"text","reference":"text","reason":"text",
        "status":"text","by":"text","created_at":"time","updated_at":"time","pieces":"count","pieces_received":"count",
        "pieces_restocked":"count",
        "lines":[{"line":"count","sku":"text","title":"text","quantity":"count","received":"count","restocked":"count",
                  "damaged":"count","discarded":"count"}],
        "replacement_id":"text?",
        "fulfilled_by":"text","can":{"replace":"bool","approve":"bool","refuse":"bool","receive":"bool","close":"bool"}})";
inline constexpr char kParcels[] =
    R"([{"identifier":"text","method":"text","track_and_trace":"text","shipped_at":"time","weight_grams":"count?",
         "length_mm":"count?","width_mm":"count?","height_mm":"count?",
         "together?":["text"],"lines":[{"line":"count","sku":"text","quantity":"count"}]}])";
inline constexpr char kCancellation[] =
    R"({"reason":"text","lines":[{"line":"count","sku":"text","quantity":"count"}]})";
inline constexpr char kNotes[] =
    R"([{"number":"count","at":"time","by":"text","kind":"text","for":"text","message":"text?","deleted":"bool"}])";
inline constexpr char kTimelineItem[] =
    R"({"number":"count","at":"time","by":"text","kind":"text","details?":"any","for?":"text"})";
inline constexpr char kHolds[] = R"([{"id":"text","reason":"text","by":"text","at":"time"}])";
inline constexpr char kCustomer[] =
    R"({"shipping_customer?":{"*":"any"},"billing_customer?":{"*":"any"},"email?":"text","phone_number?":"text","*":"any"})";
inline constexpr char kPicking[] =
    R"({"id":"text","channel":"text","channel_order_id":"text",
        "lines":[{"line":"count","sku":"text","title":"text","quantity":"count"}]})";
inline constexpr char kFulfilment[] =
    R"({"id":"text","channel":"text","channel_order_id":"text","status":"text","fulfilment":"text","ship_by":"time?",
        "picking":"bool","can_work":"bool","held_because":"text",
        "lines":[{"parts?":[{"sku":"text","title":"text","ean":"text","quantity":"count","allocated":"count","to_pick":"count",
                             "picked":"count","missing":"count","packed":"count",
                             "promised_at":[{"code":"text","name":"text","quantity":"count"}]}],
                  "line":"count","sku":"text","channel_sku":"text","ean":"text","title":"text","ordered":"count",
                  "backordered":"count","allocated":"count","picked":"count","missing":"count","later":"count","packed":"count",
                  "promised_at":[{"code":"text","name":"text","quantity":"count"}],
                  "shipped":"count"}],
        "parcels":[{"identifier":"text","weight_grams":"count?","length_mm":"count?","width_mm":"count?","height_mm":"count?",
                    "lines":[{"line":"count","sku":"text","quantity":"count"}]}],
        "next_parcel":"text","parcels_shipped":"count",
        "last?":{"event":"count","kind":"text","line":"count","sku":"text","quantity":"count","by":"text","at":"time"}})";
inline constexpr char kShelf[] = R"({"sku":"text","shelf":"text","zone":"text"})";
inline constexpr char kBatchInList[] =
    R"({"id":"text","code":"text","status":"text","by":"text","created_at":"time","updated_at":"time","orders":"count",
        "pieces?":"count","picked?":"count","missing?":"count"})";
inline constexpr char kBatch[] =
    R"({"id":"text","code":"text","status":"text","by":"text","created_at":"time","updated_at":"time","pieces":"count",
        "picked":"count","missing":"count",
        "orders":[{"slot":"count","id":"text","name":"text","channel":"text","status":"text","fulfilment":"text",
                   "ship_by":"time?","held_because":"text","pieces":"count","picked":"count","missing":"count"}],
        "steps":[{"zone":"text","shelf":"text","sku":"text","ean":"text","title":"text","pieces":"count",
                  "picked":"count","missing":"count",
                  "places":[{"slot":"count","order_id":"text","line":"count","of_kit":"bool","pieces":"count","picked":"count",
                             "missing":"count"}]}],
        "last?":{"scan":"count","kind":"text","by":"text","at":"time",
                 "parts":[{"order_id":"text","line":"count","sku":"text","title":"text","quantity":"count",
                           "slot":"count"}]},
        "given?":{"order_id":"text","line":"count","sku":"text","title":"text","quantity":"count","slot":"count",
                  "order_picked":"bool"}})";
inline constexpr char kPackingSlip[] =
    R"({"id":"text","channel":"text","channel_order_id":"text","parcel":"text?",
        "lines":[{"line":"count","sku":"text","title":"text","quantity":"count"}],"notes":["text"]})";
inline constexpr char kMarketplace[] = R"({"name":"text","supports":["text"],"enabled":"bool","configured":"bool"})";
inline constexpr char kReport[] =
    R"({"from":"text","to":"text","group":"text",
        "rows":[{"key":"text","currency_code":"text","orders":"count","units":"count","sales":"number",
                 "units_returned":"count","amount_refunded":"number","due":"count","on_time":"count"}]})";
inline constexpr char kStockValue[] =
    R"({"from":"text","to":"text","cost":"text",
        "rows":[{"day":"text","pieces":"count","pieces_without_cost":"count",
                 "values":[{"currency_code":"text","value":"number"}]}]})";
inline constexpr char kDashboard[] =
    R"({"orders":{"to_ship":"count","late":"count","held":"count","backordered":"count","awaiting_payment":"count"},
        "per_day":[{"day":"text","orders":"count"}],
        "products":{"total":"count","disabled":"count","without_image":"count","without_description":"count",
                    "without_ean":"count","incomplete":"count"},
        "stock":{"looked_at":"count","out":"count","low":"count","low_below":"count"},
        "review":{"due_at":"time","overdue":"bool"}})";

inline constexpr char kImport[] =
    R"({"id":"text","status":"text","progress":"count","file_name":"text","format":"text","dry_run":"bool","resumed":"bool",
        "waits_for":"text?","same_as":"text?","message":"text","by":"text","bytes":"count","created_at":"time","finished_at":"time?",
        "counts":{"rows":"count","created":"count","changed":"count","unchanged":"count","refused":"count"}})";
inline constexpr char kImportForm[] =
    R"({"kind?":"text","mode?":"text","dry_run?":"text","mapping?":"text","encoding?":"text","delimiter?":"text",
        "quote?":"text","records?":"text","file":"text"})";
inline constexpr char kPreviewForm[] =
    R"({"kind?":"text","mapping?":"text","encoding?":"text","delimiter?":"text","quote?":"text","records?":"text","file":"text"})";
inline constexpr char kImportPreview[] =
    R"({"format":"text","problem":"text","columns":[{"name":"text","samples":["text"],"to":"text"}],"mapping":"any","records":"text","encoding":"text",
        "tables":[{"records":"text","count":"count","columns":["text"],"sample":["text"]}],
        "rows":[{"line":"count","fields":[{"name":"text","value":"text"}],
                 "errors":[{"field":"text","code":"text","message":"text"}]}]})";
inline constexpr char kImportRow[] =
    R"({"line":"count","file?":"text","outcome":"text","sku":"text","errors":[{"field":"text","code":"text","message":"text"}],
        "changes?":[{"field":"text","locale":"text?","before":"any","after":"any","rule?":{"id":"text","name":"text"}}]})";
inline constexpr char kBulkEdit[] =
    R"({"id":"text","kind":"text","on":"text","rules":"any","status":"text","progress":"count","message":"text","resumed":"bool",
        "by":"text","actions":"any","undoes":"any","undone_by":"text?","created_at":"time","finished_at":"time?",
        "counts":{"products":"count","done":"count","changed":"count","unchanged":"count","refused":"count",
                  "deleted":"count","collided":"count"}})";
inline constexpr char kBulkEditOrPreview[] =
    R"({"id?":"text","kind?":"text","on?":"text","rules?":"any","status?":"text","progress?":"count","message?":"text",
        "resumed?":"bool","by?":"text","actions?":"any","undoes?":"any","undone_by?":"text?","created_at?":"time","finished_at?":"time?",
        "counts?":{"products":"count","done":"count","changed":"count","unchanged":"count","refused":"count",
                  "deleted":"count","collided":"count"},
        "preview?":{"products":"count","tried":"count","changed":"count","unchanged":"count","refused":"count",
                    "samples":[{"sku":"text","title":"text",
                                "changes":[{"field":"text","locale":"text?","before":"any","after":"any","rule?":{"id":"text","name":"text"}}]}],
                    "refusals":[{"sku":"text","errors":[{"field":"text","code":"text","message":"text"}]}],
                    "rules?":[{"id":"text","name":"text","matched":"count","changed":"count","failed":"count"}],
                    "warnings?":["text"]}})";
inline constexpr char kRule[] =
    R"({"id":"text","version":"count","position":"count","name":"text","on":"text","enabled":"bool","locale":"text","when":"any",
        "then":"any","stop":"bool","by":"text","updated_at":"time",
        "counts":{"matched":"count","changed":"count","failed":"count"},"failure":"text?","failed_at":"text?",
        "warnings?":["text"]})";
inline constexpr char kRules[] =
    R"([{"id":"text","version":"count","position":"count","name":"text","on":"text","enabled":"bool","locale":"text","when":"any",
         "then":"any","stop":"bool","by":"text","updated_at":"time",
         "counts":{"matched":"count","changed":"count","failed":"count"},"failure":"text?","failed_at":"text?"}])";
inline constexpr char kRuleTest[] =
    R"({"items":[{"name":"text","title":"text","found":"bool","matched":[{"id":"text","name":"text"}],
                  "changes":[{"field":"text","locale":"text?","before":"any","after":"any","rule?":{"id":"text","name":"text"}}],
                  "failed":["text"]}],"warnings":["text"]})";
inline constexpr char kDraftInList[] =
    R"({"id":"text","version":"count","sku":"text","title":"text","family":"text?","status":"text",
        "author":{"id":"text","name":"text","program":"bool"},"own":"bool","comment":"text","field_names":["text"],"open_fields":"count",
        "created_at":"time","updated_at":"time"})";
inline constexpr char kDraft[] =
    R"({"id":"text","version":"count","sku":"text","title":"text","family":"text?","status":"text",
        "author":{"id":"text","name":"text","program":"bool"},"own":"bool","comment":"text","field_names":["text"],"open_fields":"count",
        "created_at":"time","updated_at":"time","product_there":"bool","product_version":"count?",
        "offer_version":"count?",
        "fields":[{"field":"text","locale":"text?","seen":"any","now":"any","wanted":"any","state":"text",
                   "conflict":"bool","decided_by":"text?","decided_at":"time?","word":"text?"}]})";
inline constexpr char kDecided[] =
    R"({"decided":"count","drafts":[{"id":"text","status":"text?","message":"text?",
                                     "errors":[{"field":"text","code":"text","message":"text"}]}]})";
inline constexpr char kComment[] =
    R"({"id":"text","by":{"id":"text","name":"text"},"text":"text","at":"time","edited_at":"time?","resolved_by":"text?",
        "resolved_at":"time?","own":"bool","removable":"bool","unread":"bool",
        "mentions":[{"id":"text","name":"text","said":"text"}]})";
inline constexpr char kMention[] =
    R"({"id":"text","by":{"id":"text","name":"text"},"at":"time","read":"bool","sku":"text?","title":"text?",
        "text":"text?"})";
inline constexpr char kTask[] =
    R"({"id":"text","version":"count","title":"text","comment":"text","skus":["text"],"query":"text?","assignee":"any",
        "due":"text?","overdue":"bool","status":"text","by":{"id":"text","name":"text"},"done_by":"text?",
        "done_at":"time?","created_at":"time","updated_at":"time","removable":"bool"})";
inline constexpr char kView[] =
    R"({"id":"text","version":"count","list":"text","name":"text","query":"text","columns":["text"],"shared":"bool",
        "position":"count","owner":{"id":"text","name":"text"},"own":"bool","changeable":"bool","created_at":"time",
        "updated_at":"time"})";
inline constexpr char kColleagues[] = R"([{"id":"text","name":"text","login":"text"}])";
inline constexpr char kWaiting[] = R"({"drafts":"count","tasks":"count","overdue":"count","mentions":"count"})";
inline constexpr char kBulkEditRow[] =
    R"({"sku":"text","outcome":"text","errors":[{"field":"text","code":"text","message":"text"}]})";
inline constexpr char kImportUndo[] = R"({"possible":"bool","latest":"any"})";
inline constexpr char kUploadForm[] = R"({"file":"text"})";

inline constexpr char kPurge[] =
    R"({"at":"time","dry_run":"bool","gone_before":"time","keys_destroyed":"count","records":"count","bytes":"count",
        "files":"count","clean":"bool","remaining":"text","certificate":"count?"})";
inline constexpr char kVault[] =
    R"({"now":"time","hour":"time","gone_before":"time","live_keys":"count","retention_days":"count",
        "clock_alarm":"text","ring_warning":"text","signing_key":"text","sealed":"bool","sealed_because":"text",
        "key":{"provider":"text","place":"text"},
        "days":[{"date":"text","state":"text","live_keys":"count","gone_at":"time"}],
        "reveals":[{"actor_id":"text","actor_name":"text","this_hour":"count","today":"count","refused":"count"}],
        "remains":[{"what":"text","why":"text"}],
        "purges":[{"at":"time","dry_run":"bool","gone_before":"time","keys_destroyed":"count","records":"count",
                   "bytes":"count","files":"count","clean":"bool","remaining":"text","certificate":"count?"}]})";
inline constexpr char kVaultKey[] =
    R"({"sealed":"bool","sealed_because":"text","key":{"provider":"text","place":"text"}})";
inline constexpr char kShares[] = R"({"shares":["text"]})";
inline constexpr char kRetentions[] = R"([{"channel":"text","days":"count"}])";
inline constexpr char kCertificate[] =
    R"({"certificate":"count","number":"count","kind":"text","shop":"text","at":"time","previous":"text","key":"text",
        "hash":"text","statement":"text","signature":"text","*":"any"})";
inline constexpr char kCertificatesVerdict[] =
    R"({"certificates":"count","whole":"bool","fault":"text","keys":[{"from_certificate":"count","key":"text"}],
        "unvouched":["count"]})";
inline constexpr char kFoundBuyers[] =
    R"([{"id":"text","channel":"text","channel_order_id":"text","status":"text","placed_at":"time","purge_at":"time",
         "masked":{"*":"any"}}])";
inline constexpr char kPersonExport[] =
    R"({"made_at":"time","held_for":"text",
        "orders":[{"id":"text","channel":"text","channel_order_id":"text","status":"text","placed_at":"time",
                   "purge_at":"time","currency_code":"text","total":"number?",
                   "lines":[{"sku":"text","title":"text","quantity":"count","price":"number?"}],
                   "buyer":{"*":"any"},"notes":[{"at":"time","message":"text"}]}]})";
inline constexpr char kErasure[] =
    R"({"dry_run":"bool","orders":["text"],"invoices_kept":[{"order":"text","name":"text","until":"text"}],"erased?":"count","records?":"count","index_records?":"count",
        "clean?":"bool","remaining?":"text","certificate?":"count?"})";
inline constexpr char kProof[] =
    R"({"gone":"bool","archived":"count","files":"count","bytes":"count","unreadable":["text"],
        "alive":[{"id":"text","channel":"text","channel_order_id":"text","status":"text","placed_at":"time",
                  "purge_at":"time","fields":["text"]}],
        "traces":[{"file":"text","found":"text","times":"count"}]})";
inline constexpr char kAuditEntry[] =
    R"({"number":"count","at":"time","actor_kind":"text","actor_id":"text","actor_name":"text","action":"text",
        "object":"text","details":"any","hash":"text"})";
inline constexpr char kAuditState[] =
    R"({"keep_days":"count?","dropped":"count","signed_at":"time?","failure":"text","failing_since":"time?"})";
inline constexpr char kAuditVerdict[] = R"({"entries":"count","whole":"bool","fault":"text"})";

inline constexpr char kWebhook[] =
    R"({"id":"text","uuid":"text","url":"text","description":"text","events":["text"],"enabled":"bool","disabled_because":"text?",
        "failing_since":"time?","old_secret_until":"time?","by":"text","created_at":"time","updated_at":"time"})";
inline constexpr char kNewWebhook[] =
    R"({"id":"text","uuid":"text","url":"text","description":"text","events":["text"],"enabled":"bool","disabled_because":"text?",
        "failing_since":"time?","old_secret_until":"time?","by":"text","created_at":"time","updated_at":"time",
        "secret":"text"})";
inline constexpr char kDelivery[] =
    R"({"id":"text","event":"count?","type":"text","event_at":"time","created_at":"time","status":"text","next_at":"time?",
        "attempts":[{"at":"time","status":"count?","milliseconds":"count","answer":"text"}]})";
inline constexpr char kReplayed[] = R"({"deliveries":"count"})";
inline constexpr char kWebhookEvent[] = R"({"name":"text","summary":"text"})";
inline constexpr char kWebhookHost[] =
    R"({"host":"text","private_network":"bool","authority":"text","by":"text","created_at":"time"})";

inline constexpr char kExportProfile[] =
    R"({"id":"text","name":"text","kind":"text","format":"text","query":"text",
        "columns":[{"name":"text","from":"text"}],"locale":"text","channel":"text","currency":"text",
        "enabled_only":"bool","without_heads":"bool","with_faulty":"bool","link":"text","public_address":"text",
        "feed":"bool","feed_since":"time?","by":"text","created_at":"time","updated_at":"time"})";
inline constexpr char kOpenedFeed[] =
    R"({"id":"text","name":"text","kind":"text","format":"text","query":"text",
        "columns":[{"name":"text","from":"text"}],"locale":"text","channel":"text","currency":"text",
        "enabled_only":"bool","without_heads":"bool","with_faulty":"bool","link":"text","public_address":"text",
        "feed":"bool","feed_since":"time?","by":"text","created_at":"time","updated_at":"time","path":"text"})";
inline constexpr char kProfileCheck[] =
    R"({"total":"count","checked":"count","faulty":"count","whole":"bool",
        "faults":[{"column":"text","code":"text","message":"text","products":"count","skus":["text"]}],
        "samples":[[{"column":"text","value":"text"}]],
        "advice":[{"field":"text","code":"text","message":"text"}]})";
inline constexpr char kExportFormat[] =
    R"({"name":"text","title":"text","about":"text","layout":"text","columns":"count","own":"bool"})";
inline constexpr char kCarrierFormat[] =
    R"({"name":"text","title":"text","about":"text","carrier":"text","layout":"text","encoding":"text",
        "columns":"count","unconfirmed":"count","sources":["text"],"own":"bool"})";
inline constexpr char kLabelCheck[] =
    R"({"orders":"count","parcels":"count","refused":[{"order":"text","code":"text","message":"text"}]})";
inline constexpr char kCarrierDocument[] =
    R"({"name?":"text","title?":"text","about?":"text","layout?":"text","delimiter?":"text","carrier?":"text",
        "encoding?":"text","header?":"bool","rows_max?":"count","sources?":["text"],"unconfirmed?":["text"],
        "columns":[{"name":"text","from":"text","type?":"text","required?":"bool","length_max?":"count",
                    "one_of?":["text"]}]})";
inline constexpr char kFormatDocument[] =
    R"({"name?":"text","title?":"text","about?":"text","layout?":"text","delimiter?":"text","root?":"text",
        "item?":"text",
        "columns":[{"name":"text","from":"text","type?":"text","required?":"bool","length_max?":"count",
                    "one_of?":["text"],"list_max?":"count","separator?":"text"}]})";

inline constexpr char kSchedule[] =
    R"({"id":"text","name":"text","task":"text","enabled":"bool","every_minutes":"count","at":"text",
        "time_zone":"text","weekdays":["text"],"profile":"text","folder":"text","keep":"count","url":"text",
        "username":"text","has_password":"bool","kind":"text","mode":"text","mapping":"any","mapping_id":"text","on":"text","rule":"text?","next_at":"time?","last_status":"text?","last_message":"text?",
        "last_at":"time?","by":"text","created_at":"time","updated_at":"time"})";
inline constexpr char kSavedMapping[] =
    R"({"id":"text","name":"text","mapping":"any","by":"text","updated_at":"time"})";
inline constexpr char kScheduleRun[] =
    R"({"id":"text","started_at":"time","finished_at":"time","status":"text","message":"text"})";

}  // namespace pf::api::shapes
