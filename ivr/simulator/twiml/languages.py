"""The languages that one of Twilio's voices speaks (T:say, text-to-speech voices). Data only.

Nynorsk (nn-NO) and the Sámi languages are not among them: they need recordings.
"""

_LIST = """
    af-za am-et ar-ae ar-xa arb bg-bg bn-in ca-es cmn-cn cmn-tw cs-cz cy-gb da-dk de de-at de-ch de-de el-gr en
    en-au en-ca en-gb en-gb-wls en-ie en-in en-nz en-us en-za es es-es es-mx es-us et-ee eu-es fi-fi fil-ph fr
    fr-be fr-ca fr-ch fr-fr gl-es gu-in he-il hi-in hu-hu id-id is-is it it-it ja-jp kn-in ko-kr lt-lt lv-lv
    ml-in mr-in ms-my nb-no nl-be nl-nl pa-in pl-pl pt-br pt-pt ro-ro ru-ru sk-sk sl-si sr-rs sv-se ta-in
    te-in th-th tr-tr uk-ua ur-in vi-vn yue-cn yue-hk zh-cn zh-hk zh-tw
"""
SPOKEN = frozenset(_LIST.split())
