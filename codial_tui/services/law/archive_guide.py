"""The words that go with an archive: what is in it and how to check it without this program."""

GUIDE = """\
ARCHIVE FISCALE DE {company}
============================

{scope}
Faite le {at} (UTC) par {by}, avec codial-tui {version}.
Code général des impôts, article 286, I-3° bis (BOI-TVA-DECLA-30-10-30).

CE QU'ELLE CONTIENT
-------------------
factures.csv, lignes.csv, tva.csv   les factures validées, leurs lignes, leur TVA
reglements.csv                      les règlements enregistrés et leurs affectations
clotures.csv                        les clôtures : jour, mois, année, total perpétuel
chaines/*.jsonl                     les mêmes données telles qu'elles furent scellées, et le
                                    journal des événements : une ligne JSON par maillon
pdf/                                les originaux remis aux clients, octet pour octet
cles/                               les clés publiques qui ont signé (cles.csv dit quand)
SHA256SUMS                          l'empreinte de chaque fichier
SHA256SUMS.sig                      la signature de SHA256SUMS (Ed25519, 64 octets)

Les CSV sont en UTF-8, séparés par « ; », montants en euros avec un point. Dans les .jsonl les
montants sont des centimes, les prix et quantités des dix-millièmes, les taux des millionièmes.

VÉRIFIER LES FICHIERS (sans le programme)
-----------------------------------------
    sha256sum --check --quiet SHA256SUMS
    openssl pkeyutl -verify -pubin -inkey cles/{key}.pem -rawin \\
        -in SHA256SUMS -sigfile SHA256SUMS.sig

VÉRIFIER UNE CHAÎNE
-------------------
Chaque ligne d'un .jsonl a position, previous_hash, text et hash. L'empreinte est le SHA-256 de
previous_hash suivi de text, en UTF-8 ; previous_hash est le hash du maillon d'avant (64 zéros
avant le premier de la société). Un maillon, avec jq :

    sed -n 1p chaines/factures.jsonl | jq -j '.previous_hash + .text' | sha256sum

VÉRIFIER UNE CLÔTURE
--------------------
Une ligne de chaines/clotures.jsonl a aussi signature (hexadécimal) et key : la clé cles/<key>.pem
a signé les 64 caractères de hash.

    printf %s HASH > hash.txt ; printf %s SIGNATURE | xxd -r -p > hash.sig
    openssl pkeyutl -verify -pubin -inkey cles/<key>.pem -rawin -in hash.txt -sigfile hash.sig

VÉRIFIER UN PDF
---------------
Dans chaines/evenements.jsonl, le maillon « invoice.paper … » a le nom et le sha256 du PDF.
"""
